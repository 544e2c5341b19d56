package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class DataDirectoryTest {

    @TempDir Path folder;

    @Test
    void isForItsOwnerAloneAlsoWhereItWasOpenBefore() throws Exception {
        Path data = folder.resolve("data");
        Files.createDirectories(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (var directory = DataDirectory.take(data)) {
            directory.announce("127.0.0.1:9092", "http://127.0.0.1:8080");

            assertThat(permissions(data)).isEqualTo("rwx------");
            try (var files = Files.list(data)) {
                assertThat(files)
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void aDirectoryWithOtherThingsInItIsLeftAsItIs() throws Exception {
        Path home = folder.resolve("home");
        Files.createDirectories(
                home,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(home.resolve("letter"), "");

        assertThatThrownBy(() -> DataDirectory.check(home))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has other things in it")
                .hasMessageContaining("--data " + home.resolve("serinus"));
        assertThat(permissions(home)).isEqualTo("rwxr-xr-x");
        try (var files = Files.list(home)) {
            assertThat(files).containsExactly(home.resolve("letter"));
        }
    }

    @Test
    void aNewFileSystemIsEmpty() throws Exception {
        Files.createDirectory(folder.resolve("lost+found"));

        DataDirectory.take(folder).close();

        assertThat(folder.resolve("serinus.lock")).exists();
        DataDirectory.take(folder).close();
    }

    @Test
    void isForOneProcessAtATime() throws Exception {
        try (var _ = DataDirectory.take(folder)) {
            assertThatThrownBy(() -> DataDirectory.take(folder))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("another Serinus runs with the data directory " + folder);
        }
        DataDirectory.take(folder).close();
    }

    @Test
    void whatStandsInItsWayIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DataDirectory.take(file.resolve("data")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(file + "/data cannot be used")
                .hasMessageContaining("Not a directory")
                .hasMessageContaining("Choose another with --data")
                .hasMessageNotContaining("another Serinus");
    }

    @Test
    void tellsWhereItsSerinusIsWhileItRuns() throws Exception {
        try (var directory = DataDirectory.take(folder)) {
            directory.announce("127.0.0.1:4711", "http://127.0.0.1:8080");
            assertThat(DataDirectory.bootstrapServers(folder)).isEqualTo("127.0.0.1:4711");
        }
        assertThat(DataDirectory.bootstrapServers(folder)).isEmpty();
    }

    @Test
    void whatAKilledSerinusWroteDownIsNotTakenForOneThatRuns() throws Exception {
        Files.writeString(folder.resolve("serinus.lock"), "");
        Files.writeString(
                folder.resolve("serinus.properties"), "bootstrap.servers=127.0.0.1:4711\n");

        assertThat(DataDirectory.bootstrapServers(folder)).isEmpty();
    }

    @Test
    void checkingTakesNothing() throws Exception {
        DataDirectory.check(folder);
        try (var _ = DataDirectory.take(folder)) {
            assertThatThrownBy(() -> DataDirectory.check(folder))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("another Serinus runs with the data directory " + folder);
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
