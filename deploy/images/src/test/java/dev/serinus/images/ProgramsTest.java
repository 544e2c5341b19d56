package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ProgramsTest {

    @TempDir Path folder;

    @Test
    void thoseOfTheLoadTesterCanBeRead() {
        var programs =
                Programs.read(
                        Path.of(System.getProperty("user.dir"))
                                .resolve("../..")
                                .resolve(Product.ALL.getLast().programs()));

        assertThat(programs.debian()).contains("bash", "curl", "util-linux");
        assertThat(programs.go())
                .isNotEmpty()
                .allMatch(each -> each.module().matches("[^@ ]+@v[0-9.]+"))
                .allMatch(
                        each ->
                                each.folder() == null
                                        || Files.isRegularFile(each.folder().resolve("go.sum")))
                .extracting(GoProgram::name)
                .contains("hey", "kubectl", "grpc_health_probe");
    }

    @Test
    void aLineThatIsNeitherIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("list"), "debian curl\n\nnpm artillery\n");

        assertThatThrownBy(() -> Programs.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("npm artillery");
    }

    @Test
    void aProgramOfAModuleOfOursIsOfTheVersionThatItSays() throws IOException {
        Path list =
                Path.of(System.getProperty("user.dir"))
                        .resolve("../..")
                        .resolve(Product.ALL.getLast().programs());
        for (GoProgram each : Programs.read(list).go()) {
            Path folder = each.folder();
            if (folder != null) {
                String module = each.packagePath().replaceFirst("/cmd/.*", "");
                assertThat(folder.resolve("go.mod"))
                        .content()
                        .contains("\t" + module + " " + each.version() + " ");
            }
        }
    }

    @Test
    void whatStandsBehindAModuleIsItsNameAndWhereItIsBuilt() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("list"),
                        "go example.test/a/probe@v1.2.3 as a_probe\ngo example.test/b@v2 in own\n");

        assertThat(Programs.read(file).go())
                .containsExactly(
                        new GoProgram("example.test/a/probe@v1.2.3", "a_probe", null),
                        new GoProgram("example.test/b@v2", "b", folder.resolve("own")));
        Files.writeString(file, "go example.test/b@v2 called b");
        assertThatThrownBy(() -> Programs.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("as NAME and in FOLDER");
    }

    @Test
    void ofAlternativesTheFirstIsNeededAndNothingThatOnlyInstalls() {
        String told =
                """
                wrk
                  Depends: libc6
                 |Depends: libluajit-5.1-2
                  Depends: libluajit2-5.1-2
                  PreDepends: libssl3
                ca-certificates
                  Depends: openssl
                 |Depends: debconf
                  Depends: <debconf-2.0>
                    cdebconf
                    debconf
                jq
                  Depends: <libjq-of-somebody>
                    libjq1
                    libjq2
                """;

        assertThat(DebianDependencies.needed(told))
                .containsExactly("libc6", "libluajit-5.1-2", "libssl3", "libjq1");
    }
}
