package dev.serinus.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands in the way of a control plane before anything of it is started. */
class ControlPlaneTest {

    @TempDir Path folder;

    @Test
    void portsThatAreTakenAreNamedAndNotRemembered() throws Exception {
        int first = Ports.free();
        try (var _ = new ServerSocket(first + 4, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> up(folder.resolve("bed"), first))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("ports %d to %d".formatted(first, first + 5))
                    .hasMessageContaining("--port");
            assertThat(ControlPlaneDirectory.in(folder.resolve("bed"))).isEmpty();
        }
    }

    @Test
    void portsOfAnEarlierOneThatAreTakenAreNotMendedByAnotherPort() throws Exception {
        int first = Ports.free();
        new ControlPlaneDirectory(folder, first).prepare();
        try (var _ = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> up(folder, first + 100))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("--dir")
                    .hasMessageContaining("down --forget")
                    .hasMessageNotContaining("--port");
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> up(file.resolve("bed"), Ports.free()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("cannot write to " + file + "/bed: Not a directory")
                .hasMessageContaining("--dir");
    }

    private void up(Path directory, int port) {
        var _ =
                ControlPlane.up(
                        new Binaries(folder.resolve("none")),
                        directory,
                        port,
                        Definitions.PUBLISHED);
    }
}
