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
        assertThat(programs.go()).isNotEmpty().allMatch(each -> each.matches("[^@ ]+@v[0-9.]+"));
    }

    @Test
    void aLineThatIsNeitherIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("list"), "debian curl\n\nnpm artillery\n");

        assertThatThrownBy(() -> Programs.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("npm artillery");
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
