package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.FreePort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the commands that look at a cluster once say about one that is not as it should be. */
class ClusterOptionsTest {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"handback", "uninstall"})
    void aClusterThatIsDownIsNamed(String command) throws Exception {
        int port = FreePort.next();
        assertThat(told(command, port))
                .contains("the cluster at http://127.0.0.1:" + port, "does not answer")
                .contains("no connection (is it running?)");
    }

    @ParameterizedTest
    @CsvSource({
        "handback, 401, does not accept the credentials of the kubeconfig",
        "uninstall, 401, does not accept the credentials of the kubeconfig",
        "handback, 404, does not answer as a Kubernetes API server does",
        "uninstall, 503, does not answer: HTTP 503"
    })
    void whatAClusterAnswersIsASentence(String command, int status, String sentence)
            throws Exception {
        try (var server = new ApiServerStub(0, status, _ -> true)) {
            assertThat(told(command, server.port())).contains(sentence);
        }
    }

    @Test
    void aKubeconfigThatIsNoneIsTold() throws Exception {
        assertThat(told("handback", Files.writeString(folder.resolve("config"), "garbage")))
                .contains("is no kubeconfig");
    }

    private String told(String command, int port) throws Exception {
        return told(
                command,
                Files.writeString(
                        folder.resolve("config"),
                        """
                        clusters: [{name: lab, cluster: {server: "http://127.0.0.1:%d"}}]
                        users: [{name: ada, user: {token: secret}}]
                        contexts: [{name: lab, context: {cluster: lab, user: ada}}]
                        current-context: lab
                        """
                                .formatted(port)));
    }

    private static String told(String command, Path kubeconfig) {
        var errors = new StringWriter();
        int code =
                Main.execute(
                        new Main(),
                        new PrintWriter(errors, true),
                        command,
                        "--check",
                        "--kubeconfig",
                        kubeconfig.toString());
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).doesNotContain("\tat ", "secret");
        return errors.toString();
    }
}
