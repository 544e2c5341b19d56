package dev.serinus.conformance.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.canary.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class FlagsTest {

    private static final SinkAddress SINK = new SinkAddress("http://sink", "https://sink");
    private static final Installation DEFAULTS = Installation.named("lab");

    private static Flags flags(String about) {
        return Flags.of(
                Scenario.read("s", "about: \"%s\"\nobjects: ''".formatted(about), SINK, _ -> ""),
                SINK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    it runs with -mesh-provider linkerd                        | mesh-provider=linkerd
                    the controller runs with -mesh-provider=linkerd, and fails | mesh-provider=linkerd
                    the controller with --mesh-provider=linkerd.               | mesh-provider=linkerd
                    runs with -no-cross-namespace-refs and -ingress-class a    | no-cross-namespace-refs=true ingress-class=a
                    runs with -enable-config-tracking=false                    | enable-config-tracking=false
                    runs with -enable-config-tracking false                    | enable-config-tracking=false
                    runs with -slack-url URL/x -selector-labels app,name       | slack-url=http://sink/x selector-labels=app,name
                    deleted with --cascade=orphan at rest                      |
                    """)
    void flagsAreReadInBothFormsUpToTheEndOfTheirList(String about, String expected) {
        Map<String, String> values = new TreeMap<>();
        for (String each : expected == null ? new String[0] : expected.split(" ")) {
            values.put(each.split("=")[0], each.split("=")[1]);
        }
        assertThat(flags(about).values()).isEqualTo(values);
    }

    @Test
    void whatTheyMeanForTheInstallationIsPlayed() {
        var installation =
                flags(
                                "runs with -cluster-name eu -mesh-provider linkerd -metrics-server"
                                    + " URL/prom -namespace shop -selector-labels app,tier"
                                    + " -enable-config-tracking=false -include-label-prefix team"
                                    + " -no-cross-namespace-refs -ingress-class public"
                                    + " -ingress-annotations-prefix n.io -threadiness 4")
                        .installation(DEFAULTS);

        assertThat(installation.cluster()).isEqualTo("eu");
        assertThat(installation.meshProvider()).isEqualTo("linkerd");
        assertThat(installation.metricsServer()).isEqualTo("http://sink/prom");
        assertThat(installation.namespace()).isEqualTo("shop");
        assertThat(installation.selectorLabels()).isEqualTo(List.of("app", "tier"));
        assertThat(installation.configTracking()).isFalse();
        assertThat(installation.includeLabelPrefixes()).isEqualTo(List.of("team"));
        assertThat(installation.noCrossNamespaceRefs()).isTrue();
        assertThat(installation.ingress().ingressClass()).isEqualTo("public");
        assertThat(installation.ingress().annotationsPrefix()).isEqualTo("n.io");
    }

    @Test
    void withoutFlagsItIsTheDefault() {
        assertThat(flags("nothing special").installation(DEFAULTS)).isEqualTo(DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-kubeconfig-service-mesh /x", "-new-flag", "-new-flag=1"})
    void aFlagThatNobodyReadsFailsTheScenario(String flag) {
        var flags = flags("runs with " + flag);

        assertThatThrownBy(() -> flags.installation(DEFAULTS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(flag.split("[ =]")[0]);
    }

    @Test
    void whatRecordedScenariosSayIsRead() {
        var library = Library.here();

        assertThat(library.names())
                .allSatisfy(
                        name ->
                                Flags.of(library.scenario(name, SINK), SINK)
                                        .installation(DEFAULTS));
    }
}
