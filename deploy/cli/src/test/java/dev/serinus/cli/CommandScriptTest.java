package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** deploy/serinus in a checkout in which nothing was built yet. */
class CommandScriptTest {

    private static final Path DEPLOY = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path checkout;

    private record Outcome(int code, String out) {}

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(checkout.resolve("deploy"));
        Files.copy(DEPLOY.resolve("serinus"), checkout.resolve("deploy/serinus"));
        Files.copy(DEPLOY.resolveSibling("pom.xml"), checkout.resolve("pom.xml"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench",
                "aot",
                "demo",
                "run",
                "testbed",
                "conformance",
                "dataplane",
                "handback",
                "events"
            })
    void helpNeedsNoBuild(String command) throws Exception {
        var outcome = run(System.getProperty("java.home"), command, "--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("deploy/serinus " + command)
                .contains("All its flags: deploy/serinus build")
                .doesNotContain("building");
    }

    @ParameterizedTest
    @ValueSource(strings = {"build", "jdk"})
    void helpOfTheScriptItselfDoesNothingElse(String command) throws Exception {
        var outcome = run(System.getProperty("java.home"), command, "--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).startsWith("  deploy/serinus " + command);
    }

    @Test
    void whatCannotBeBuiltIsSaid() throws Exception {
        var outcome = run(System.getProperty("java.home"), "build", "bnech");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).contains("there is nothing called 'bnech' to build");
    }

    @Test
    void whatBuiltAllBuiltIsNotBuiltAgainForACommand() throws Exception {
        Files.copy(DEPLOY.resolve("pom.xml"), checkout.resolve("deploy/pom.xml"));
        Path calls = checkout.resolve("calls");
        pretendMaven(calls);

        for (String what : List.of("all", "all", "demo", "testbed", "dataplane", "images")) {
            var outcome = run(System.getProperty("java.home"), "build", what);
            assertThat(outcome.code()).as(outcome.out()).isZero();
        }

        assertThat(calls).content().isEqualTo("-q -B -ntp -DskipTests package\n");
        assertThat(checkout.resolve("deploy/proof/trials/target/serinus.built")).exists();
    }

    /** Makes the folders that a build makes, and writes down how it was called. */
    private void pretendMaven(Path calls) throws IOException {
        Path mvn = Files.createDirectories(checkout.resolve("bin")).resolve("mvn");
        Files.writeString(
                mvn,
                """
                #!/usr/bin/env bash
                if [ "$1" = -v ]; then echo "Apache Maven 3.9.9"; exit; fi
                echo "$*" >>%s
                for each in $(sed -n 's:^ *<module>\\(.*\\)</module>$:\\1:p' pom.xml) \
                    $(sed -n 's:^ *<module>\\(.*\\)</module>$:deploy/\\1:p' deploy/pom.xml); do
                  mkdir -p "$each/target/lib"
                done
                """
                        .formatted(calls));
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "version", "-V", "run --version", "bench -version"})
    void theVersionNeedsNoBuild(String arguments) throws Exception {
        var outcome = run(System.getProperty("java.home"), arguments.split(" "));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).matches("Serinus \\d+\\.\\d+\\.\\d+\\S*( \\(commit \\w+\\))?\\R");
    }

    @Test
    void aJavaHomeThatIsNoneIsSaidToBeLeftOut() throws Exception {
        assertThat(run("/nowhere", "jdk").out())
                .contains("JAVA_HOME=/nowhere is no JDK (it has no bin/javac)");
        assertThat(run(System.getProperty("java.home"), "jdk").out()).doesNotContain("JAVA_HOME");
    }

    @Test
    void linkedForKubectlItCallsItselfByThatName() throws Exception {
        Path plugin =
                Files.createSymbolicLink(
                        checkout.resolve("kubectl-serinus"), checkout.resolve("deploy/serinus"));
        String java = System.getProperty("java.home");

        var help = run(java, plugin, "help");
        var one = run(java, plugin, "events", "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("  kubectl serinus watch").doesNotContain("deploy/serinus");
        assertThat(one.out())
                .contains("kubectl serinus events", "then kubectl serinus events --help")
                .doesNotContain("deploy/serinus");
    }

    @Test
    void everyCommandThatThereIsIsKnown() throws Exception {
        for (String command : new CommandLine(new Main()).getSubcommands().keySet()) {
            var outcome = run(System.getProperty("java.home"), command, "--help");

            assertThat(outcome.code()).as("%s: %s", command, outcome.out()).isZero();
        }
    }

    private Outcome run(String javaHome, String... arguments)
            throws IOException, InterruptedException {
        return run(javaHome, checkout.resolve("deploy/serinus"), arguments);
    }

    private Outcome run(String javaHome, Path script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add("bash");
        command.add(script.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment()
                .merge("PATH", checkout.resolve("bin").toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out);
    }
}
