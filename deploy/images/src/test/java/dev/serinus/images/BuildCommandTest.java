package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.nio.file.Path;

/** What {@code deploy/serinus images build} refuses before it builds anything. */
class BuildCommandTest {

    @TempDir Path root;

    @BeforeEach
    void nameTheCheckout() {
        System.setProperty("serinus.root", root.toString());
    }

    @AfterEach
    void forgetIt() {
        System.clearProperty("serinus.root");
    }

    @Test
    void everyWrongValueIsToldAtOnce() {
        assertThat(refusal("--only", "serinus,router", "--platform", "linux/s390x"))
                .contains("there is no image 'router'; they are serinus, serinus-watcher")
                .contains("'linux/s390x' is none of linux/amd64, linux/arm64");
    }

    @Test
    void debiansPackagesAreThoseOfThisMachine() {
        String other = Platforms.own().equals(Platforms.AMD64) ? Platforms.ARM64 : Platforms.AMD64;

        assertThat(refusal("--platform", other)).contains("with --base debian only");
    }

    @Test
    void aCacheIsMadeForThisMachineAlone() {
        String other = Platforms.own().equals(Platforms.AMD64) ? Platforms.ARM64 : Platforms.AMD64;

        assertThat(refusal("--aot", "--base", "eclipse-temurin:25-jre", "--platform", other))
                .contains("with --aot only " + Platforms.own());
    }

    @Test
    void aBaseThatIsAFileHasToBeThere() {
        assertThat(refusal("--base", "no/such.tar")).contains("there is no file no/such.tar");
    }

    private static String refusal(String... arguments) {
        var line = new CommandLine(new BuildCommand());
        var told = new StringBuilder();
        line.setExecutionExceptionHandler(
                (trouble, _, _) -> {
                    told.append(trouble.getMessage());
                    return CommandLine.ExitCode.USAGE;
                });
        assertThat(line.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        return told.toString();
    }
}
