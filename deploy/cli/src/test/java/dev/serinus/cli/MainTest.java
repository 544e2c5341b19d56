package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

class MainTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "dashboard",
                "get",
                "describe",
                "history",
                "wait",
                "pause",
                "approve",
                "crds",
                "doctor",
                "events",
                "handback",
                "topics",
                "uninstall"
            })
    void everyCommandTellsItsVersion(String command) {
        var out = new StringWriter();
        var line = new CommandLine(new Main());
        Main.prepare(line);
        line.setOut(new PrintWriter(out, true));
        String[] arguments =
                command.isEmpty() ? new String[] {"-version"} : new String[] {command, "--version"};

        int code = line.execute(Main.twoDashes(arguments));

        assertThat(code).isZero();
        assertThat(out.toString()).matches("Serinus \\d+\\.\\d+\\.\\d+.*\\R");
    }

    @Test
    void asAPluginOfKubectlItCallsItselfSo() {
        var line = new CommandLine(new Main());
        Main.prepare(line, "kubectl serinus");
        var errors = new StringWriter();
        line.setErr(new PrintWriter(errors, true));

        assertThat(withName(line, "get").getUsageMessage())
                .startsWith("Usage: kubectl serinus get ");
        assertThat(line.execute("get", "--nothing")).isEqualTo(2);
        assertThat(errors.toString()).contains("\nkubectl serinus get --help lists all flags");
    }

    private static CommandLine withName(CommandLine line, String command) {
        return Objects.requireNonNull(line.getSubcommands().get(command));
    }

    @Command(name = "breaks", exitCodeOnExecutionException = 2)
    static final class Breaks implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("nobody thought of this");
        }
    }

    @Test
    void troubleThatNobodyExpectedEndsWithTheCodeThatTheCommandHasForIt() {
        var errors = new StringWriter();

        assertThat(Main.execute(new Breaks(), new PrintWriter(errors, true))).isEqualTo(2);

        assertThat(errors.toString()).contains("nobody thought of this");
    }

    @Test
    void whereOneIsAnAnswerTroubleIsAnotherCode() {
        var line = new CommandLine(new Main());
        Main.prepare(line);

        assertThat(withCodes(line).map(it -> it.qualifiedName()))
                .contains("serinus diff", "serinus lint", "serinus wait", "serinus replay");
        assertThat(withCodes(line))
                .allSatisfy(
                        it ->
                                assertThat(it.exitCodeOnExecutionException())
                                        .as(it.qualifiedName())
                                        .isGreaterThan(1));
    }

    /** Those that tell in their help what 1 says. */
    private static Stream<CommandSpec> withCodes(CommandLine line) {
        return Stream.concat(
                Stream.of(line.getCommandSpec())
                        .filter(it -> String.join("", it.usageMessage().footer()).contains(" 1 ")),
                line.getSubcommands().values().stream().flatMap(MainTest::withCodes));
    }

    @Test
    void aProviderThatNobodyKnowsIsRefusedWithThoseThatAre() {
        assertThat(told("run", "--mesh-provider", "foo"))
                .contains("--mesh-provider must be one of")
                .contains("istio", "gatewayapi:v1")
                .contains("found 'foo'");
    }

    @Test
    void allThatIsWrongAboutTopicsIsToldAtOnce() {
        assertThat(
                        told(
                                "topics",
                                "apply",
                                "--cluster-name=Shop",
                                "--partitions=0",
                                "--replication-factor=0"))
                .contains("--cluster-name must be lower-case letters")
                .contains("--partitions must be 1 or more, was 0")
                .contains("--replication-factor must be 1 or more, or -1, was 0")
                .contains("--bootstrap-servers is missing");
    }

    @Test
    void noClusterGetsTheAccountOfTheAnalysis() {
        assertThat(told("topics", "acls", "--cluster-name=eu,analysis", "--accounts=clusters"))
                .contains("the account serinus-analysis, which has the rights of all clusters");
    }

    @Test
    void anAccountThatStrimziCannotNameIsRefused() {
        assertThat(
                        told(
                                "topics",
                                "acls",
                                "--cluster-name=eu",
                                "--format=strimzi",
                                "--subscriber=Team_A"))
                .contains("with --format strimzi an account must be a name of Kubernetes");
    }

    @Test
    void allThatIsWrongAboutRightsIsToldAtOnce() {
        assertThat(
                        told(
                                "topics",
                                "acls",
                                "--cluster-name=Shop",
                                "--accounts=many",
                                "--principal=User:x",
                                "--application-id=serinus.x",
                                "--subscriber=serinus,a b",
                                "--format=json",
                                "--strimzi-authentication=none"))
                .contains("--cluster-name must be lower-case letters")
                .contains("--accounts must be services, clusters or all-in-one, was 'many'")
                .contains("--principal must be a type, a colon and a name with {} in it")
                .contains("--application-id must be")
                .contains("--subscriber must not begin with serinus")
                .contains("--subscriber must be letters", "was 'a b'")
                .contains("--format must be kafka or strimzi, was 'json'")
                .contains("--strimzi-authentication must be", "was 'none'");
    }

    @Test
    void eventsOfASerinusThatDoesNotRunSayHowToNameOne() {
        assertThat(told("events", "--data", "/nowhere/at/all"))
                .contains("no Serinus runs with the data directory /nowhere/at/all")
                .contains("--bootstrap-servers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-enable-leader-election",
                "-alsologtostderr",
                "-zap-replace-globals",
                "--enable-config-tracking",
                "--no-cross-namespace-refs"
            })
    void aSwitchTakesNoOtherFlagForItsValue(String flag) {
        assertThat(told("run", flag, "--mesh-provder=nginx"))
                .contains("Unknown option: '--mesh-provder=nginx'");
    }

    @Test
    void aSwitchTakesWhatGoTakes() {
        assertThat(
                        told(
                                "run",
                                "-enable-leader-election=0",
                                "-no-cross-namespace-refs=T",
                                "-logtostderr=FALSE",
                                "-enable-config-tracking=maybe"))
                .contains("'maybe' is not true or false")
                .doesNotContain("'0'", "'T'", "'FALSE'");
    }

    @Test
    void ofAFlagThatIsGivenTwiceTheLastCounts() {
        assertThat(told("run", "--mesh-provider=foo", "--mesh-provider=bar"))
                .contains("found 'bar'")
                .doesNotContain("foo", "only once");
    }

    @Test
    void aCommandThatCannotBeginSaysItsOwnName() {
        var err = new StringWriter();

        int code = Main.execute(new Main(), new PrintWriter(err), "plan", "nowhere.yaml");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("serinus plan cannot begin:")
                .contains("there is no file or folder nowhere.yaml");
    }

    @Test
    void theHelpOfRunNamesEveryFlagOfFlaggers() {
        var out = new StringWriter();
        var line = new CommandLine(new Main());
        Main.prepare(line);
        line.setOut(new PrintWriter(out, true));
        line.execute("run", "--help");

        assertThat(
                        Objects.requireNonNull(line.getSubcommands().get("run"))
                                .getCommandSpec()
                                .options()
                                .stream()
                                .filter(CommandLine.Model.OptionSpec::hidden)
                                .map(option -> option.longestName().replaceFirst("^-+", "-"))
                                .filter(name -> !name.contains("_")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(out.toString()).contains(name));
    }

    private static String told(String... arguments) {
        var errors = new StringWriter();
        int code = Main.execute(new Main(), new PrintWriter(errors, true), arguments);
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        return errors.toString();
    }
}
