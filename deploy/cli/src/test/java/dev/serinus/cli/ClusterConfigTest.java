package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ClusterConfigTest {

    private static final String GOOD =
            """
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters: [{name: lab, cluster: {server: 'https://127.0.0.1:6443'}}]
            contexts: [{name: lab, context: {cluster: lab, user: ada}}]
            users: [{name: ada, user: {token: s3cr3t}}]
            """;

    @TempDir Path folder;

    @Test
    void theFlagWinsOverTheVariableAndTheMasterOverWhatIsWritten() throws Exception {
        Path flag = Files.writeString(folder.resolve("flag"), GOOD);
        var environment = Map.of("KUBECONFIG", folder.resolve("nothing").toString());

        assertThat(ClusterConfig.find(flag, null, environment).config().getMasterUrl())
                .isEqualTo("https://127.0.0.1:6443/");
        assertThat(
                        ClusterConfig.find(flag, "https://10.0.0.1", environment)
                                .config()
                                .getMasterUrl())
                .startsWith("https://10.0.0.1");
    }

    private static final String TWO =
            """
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters:
            - {name: lab, cluster: {server: 'https://127.0.0.1:6443'}}
            - {name: live, cluster: {server: 'https://127.0.0.2:6443'}}
            contexts:
            - {name: lab, context: {cluster: lab, user: ada}}
            - {name: live, context: {cluster: live, user: ben, namespace: shop}}
            users: [{name: ada, user: {token: s3cr3t}}, {name: ben, user: {token: s3cr3t2}}]
            """;

    @Test
    void anotherContextIsAnotherClusterAndUser() throws Exception {
        Path file = Files.writeString(folder.resolve("config"), TWO);

        var live = ClusterConfig.find(file, "live", null, Map.of()).config();

        assertThat(live.getMasterUrl()).isEqualTo("https://127.0.0.2:6443/");
        assertThat(live.getAutoOAuthToken()).isEqualTo("s3cr3t2");
        assertThat(live.getNamespace()).isEqualTo("shop");
        assertThat(ClusterConfig.find(file, null, null, Map.of()).config().getMasterUrl())
                .isEqualTo("https://127.0.0.1:6443/");
    }

    @Test
    void aContextThatIsNotThereIsRefusedWithThoseThatAre() throws Exception {
        Path file = Files.writeString(folder.resolve("config"), TWO);

        assertThatThrownBy(() -> ClusterConfig.find(file, "life", null, Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has no context 'life'; it has lab, live");
    }

    @Test
    void aContextCountsWithoutACurrentOne() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("config"), TWO.replace("current-context: lab\n", ""));

        assertThat(ClusterConfig.find(file, "live", null, Map.of()).config().getMasterUrl())
                .isEqualTo("https://127.0.0.2:6443/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\0\1garbage: [' | is no kubeconfig",
                "'just words' | is no kubeconfig",
                "'{apiVersion: v1, kind: Config}' | names no cluster",
                "'{clusters: [{name: a, cluster: {server: x}}]}' | has no current-context",
                "'{current-context: b, clusters: [{name: a, cluster: {server: x}}]}' | has no"
                        + " context 'b'",
                "'{current-context: b, clusters: [{name: a, cluster: {server: x}}], contexts:"
                        + " [{name: b, context: {cluster: c}}]}' | has no cluster 'c'"
            })
    void aMistakeInItIsASentenceThatNamesTheFile(String text, String because) throws Exception {
        Path file = Files.writeString(folder.resolve("config"), "# lab\n" + text);

        assertThatThrownBy(() -> ClusterConfig.find(file, null, Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("the kubeconfig " + file + " " + because)
                .hasMessageNotContaining("words") // it may be a token
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsMissingIsSaidToBe() {
        var environment = Map.of("KUBECONFIG", folder.resolve("nothing").toString());

        assertThatThrownBy(() -> ClusterConfig.find(null, null, environment))
                .isInstanceOf(Refused.class)
                .hasMessage("the kubeconfig " + folder.resolve("nothing") + " does not exist");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user: {}, name: bob | no user 'ada', whom its context 'lab' names",
                "name: ada, user: {tokenFile: nope} | a tokenFile that does not exist: FOLDER/nope",
                "name: ada, user: {client-certificate: /nope/crt, client-key: /nope/key} |"
                        + " a client-certificate that does not exist: /nope/crt",
                "name: ada, user: {client-certificate: /nope/crt, client-key: /nope/key} |"
                        + " a client-key that does not exist: /nope/key",
                "name: ada, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command:"
                        + " no-such-command}} | a command that is not there: 'no-such-command'",
                "name: ada, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command:"
                        + " ./login}} | a command that is not there: './login'"
            })
    void credentialsThatCannotBeHadAreRefusedSinceWithoutThemOneIsNobody(
            String user, String because) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("config"),
                        GOOD.replace("name: ada, user: {token: s3cr3t}", user));

        assertThatThrownBy(() -> ClusterConfig.find(file, null, Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(because.replace("FOLDER", folder.toString()));
    }

    @Test
    void credentialsBesideTheKubeconfigAreFound() throws Exception {
        Files.writeString(folder.resolve("token"), "s3cr3t");
        Path command = Files.writeString(folder.resolve("login"), "");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        for (String user :
                List.of(
                        "name: ada, user: {tokenFile: token}",
                        "name: ada, user: {exec: {apiVersion: client.authentication.k8s.io/v1,"
                                + " command: ./login}}")) {
            Path file =
                    Files.writeString(
                            folder.resolve("config"),
                            GOOD.replace("name: ada, user: {token: s3cr3t}", user));

            assertThat(ClusterConfig.find(file, null, Map.of()).source()).contains("config");
        }
    }

    @Test
    void aServerThatIsNoHttpAddressIsRefused() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("config"), GOOD.replace("https://127", "ftp://127"));

        assertThatThrownBy(() -> ClusterConfig.find(file, null, Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has a server that is no http address: ftp");
    }
}
