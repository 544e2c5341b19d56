package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.util.List;
import java.util.Map;

class FlaggerOptionsTest {

    /**
     * All that Flagger 1.44 registers in cmd/flagger/main.go, as its chart and users write them.
     */
    private static final List<String> FLAGS =
            List.of(
                    "-master=https://10.0.0.1:6443",
                    "-kubeconfig-qps=100",
                    "-kubeconfig-burst=250",
                    "-metrics-server=http://prometheus:9090",
                    "-control-loop-interval=10s",
                    "-log-level=info",
                    "-zap-encoding=json",
                    "-zap-replace-globals=true",
                    "-port=8080",
                    "-slack-url=https://hooks.example/a",
                    "-slack-token=t",
                    "-slack-proxy-url=http://proxy:1",
                    "-slack-user=flagger",
                    "-slack-channel=general",
                    "-msteams-url=https://teams.example/a",
                    "-msteams-proxy-url=http://proxy:1",
                    "-event-webhook=https://events.example/a",
                    "-include-label-prefix=*",
                    "-threadiness=2",
                    "-namespace=shop",
                    "-mesh-provider=istio",
                    "-selector-labels=app",
                    "-ingress-annotations-prefix=nginx.ingress.kubernetes.io",
                    "-ingress-class=contour",
                    "-enable-leader-election=true",
                    "-leader-election-namespace=kube-system",
                    "-enable-config-tracking=true",
                    "-cluster-name=production",
                    "-no-cross-namespace-refs=false",
                    "-v=4",
                    "-logtostderr",
                    "-stderrthreshold=INFO");

    @Test
    void allOfThemStartSerinusAsTheyStand() {
        var options = parsed(FLAGS.toArray(String[]::new));

        options.settings(Map.of());
        assertThat(options.flagger().master()).isEqualTo("https://10.0.0.1:6443");
        assertThat(options.logging().settings(Map.of()))
                .containsEntry("SERINUS_LOG_FORMAT", "json")
                .containsEntry("SERINUS_LOG_LEVEL", "INFO")
                .containsEntry("SERINUS_LOG_LEVEL_DECISIONS", "INFO");
    }

    @Test
    void thoseWithoutUseAreExplainedAndOthersAreNot() {
        assertThat(parsed(FLAGS.toArray(String[]::new)).flagger().notes())
                .hasSize(8)
                .allSatisfy(note -> assertThat(note).contains(" no effect: "))
                .anySatisfy(note -> assertThat(note).startsWith("--enable-leader-election"))
                .anySatisfy(note -> assertThat(note).startsWith("--threadiness"));
        assertThat(
                        parsed("-mesh-provider=istio", "-enable-leader-election=false")
                                .flagger()
                                .notes())
                .isEmpty();
    }

    @Test
    void oneWhoseAbsenceWouldDoHarmIsRefused() {
        assertThatThrownBy(() -> parsed("-kubeconfig-service-mesh=/mesh").settings(Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--kubeconfig-service-mesh is not supported");
    }

    @ParameterizedTest
    @CsvSource({
        "--log-format=yaml, --log-format must be text or json",
        "--log-level=loud, '--log-level must be debug, info, warn or error'",
        "--zap-encoding=xml, --zap-encoding must be json or console"
    })
    void aLogThatCannotBeIsRefused(String flag, String because) {
        assertThatThrownBy(() -> parsed(flag).settings(Map.of()))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(because);
    }

    @ParameterizedTest
    @CsvSource({
        "--log-format=text, text, WARN, INFO",
        "--log-format=json, json, INFO, INFO",
        "-zap-encoding=console, text, WARN, INFO",
        "-log-level=debug, text, DEBUG, DEBUG",
        "-log-level=warning, text, WARN, WARN",
        "-log-level=panic, text, ERROR, ERROR"
    })
    void theLogIsForATerminalUnlessSomebodySaysOtherwise(
            String flag, String format, String level, String decisions) {
        assertThat(parsed(flag).logging().settings(Map.of()))
                .containsEntry("SERINUS_LOG_FORMAT", format)
                .containsEntry("SERINUS_LOG_LEVEL", level)
                .containsEntry("SERINUS_LOG_LEVEL_DECISIONS", decisions)
                .containsEntry("SERINUS_LOG_TARGET", "System.err");
    }

    private static RunOptions parsed(String... arguments) {
        var options = new RunOptions();
        var line = new CommandLine(new Holder(options));
        line.setPosixClusteredShortOptionsAllowed(false);
        line.parseArgs(Main.twoDashes(arguments));
        return options;
    }

    @CommandLine.Command
    private record Holder(@CommandLine.Mixin RunOptions options) {}
}
