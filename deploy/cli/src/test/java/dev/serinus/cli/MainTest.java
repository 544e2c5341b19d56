package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

class MainTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "crds", "events", "handback", "uninstall"})
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
    void aProviderThatNobodyKnowsIsRefusedWithThoseThatAre() {
        assertThat(told("run", "--mesh-provider", "foo"))
                .contains("--mesh-provider must be one of")
                .contains("istio", "gatewayapi:v1")
                .contains("found 'foo'");
    }

    @Test
    void eventsOfASerinusThatDoesNotRunSayHowToNameOne() {
        assertThat(told("events", "--data", "/nowhere/at/all"))
                .contains("no Serinus runs with the data directory /nowhere/at/all")
                .contains("--bootstrap-servers");
    }

    private static String told(String... arguments) {
        var errors = new StringWriter();
        int code = Main.execute(new Main(), new PrintWriter(errors, true), arguments);
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        return errors.toString();
    }
}
