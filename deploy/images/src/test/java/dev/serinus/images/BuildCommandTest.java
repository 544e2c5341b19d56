package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
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

        assertThat(refusal("--platform", other))
                .contains("with --base debian only", "--jdk PLATFORM=DIR");
    }

    @Test
    void aJdkIsOneForTheOtherPlatformOfThisVersionAndCanBeLinked() throws IOException {
        Path jdk = Files.createDirectories(root.resolve("jdk"));
        Files.writeString(
                jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\nOS_ARCH=\"riscv64\"\n");
        String other = Platforms.own().equals(Platforms.AMD64) ? Platforms.ARM64 : Platforms.AMD64;

        assertThat(refusal("--jdk", other + "=" + jdk))
                .contains("is for riscv64, not for " + other)
                .contains("has Java '17.0.15', and this is Java 25")
                .contains("has no modules to link");
        assertThat(refusal("--jdk", Platforms.own() + "=" + jdk, "--jdk", other + "=" + root))
                .contains("'%s' is no other platform".formatted(Platforms.own()))
                .contains(root + " is no folder of a JDK");
        assertThat(refusal("--sources", "no/such.list")).contains("there is no file no/such.list");
        assertThat(refusal("--base", "eclipse-temurin:25-jre", "--jdk", other + "=" + jdk))
                .contains("a base that is an image has a Java of its own");
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
