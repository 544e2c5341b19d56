package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;

class CanaryReaderTest {
    private final KubernetesSerialization fabric8 = new KubernetesSerialization();

    @Test
    void everyProblemIsToldByPathAndTheRestIsRead() {
        var reading =
                CanaryReader.read(
                        Manifests.canary(
                                """
                                suspend: "yes"
                                service: {port: 80.5, targetPort: true, hosts: a.example.com, mirror: [null]}
                                analysis:
                                  threshold: 5000000000
                                  metrics: [{interval: 1m}]
                                  webhooks: [{name: a, url: "http://a", metadata: {pin: 1234}}]
                                """));

        assertThat(reading).isInstanceOf(Reading.Malformed.class);
        var malformed = (Reading.Malformed<Canary>) reading;
        assertThat(malformed.problems())
                .extracting(Problem::getPath, Problem::getMessage)
                .containsExactlyInAnyOrder(
                        tuple("spec.suspend", "must be true or false, was text"),
                        tuple("spec.service.port", "must be a whole number, was 80.5"),
                        tuple(
                                "spec.service.targetPort",
                                "must be a whole number or text, was a boolean"),
                        tuple("spec.service.hosts", "must be a list, was text"),
                        tuple("spec.service.mirror[0]", "must be a value, was empty"),
                        tuple("spec.analysis.threshold", "must be a whole number, was 5000000000"),
                        tuple("spec.analysis.metrics[0].name", "is required"),
                        tuple(
                                "spec.analysis.webhooks[0].metadata.pin",
                                "must be text, was a number"));
        assertThat(malformed.resource().getSpec().analysis().interval()).isEqualTo("1m");
        assertThat(malformed.resource().getMetadata().getName()).isEqualTo("podinfo");
    }

    @ParameterizedTest(name = "{0} is read as {1}")
    @CsvSource({"10, 10", "10.0, 10", "1e1, 10"})
    void numbersAreReadAsTheWholeNumbersTheyAre(String written, int read) {
        assertThat(
                        whole(Manifests.canary("analysis: {iterations: " + written + "}"))
                                .getSpec()
                                .analysis()
                                .iterations())
                .isEqualTo(read);
    }

    @Test
    void nullsAreAbsentAndUnknownFieldsArePassedOver() {
        var spec =
                whole(
                                Manifests.yaml(
                                        """
                                        metadata: {name: podinfo}
                                        spec:
                                          provider: null
                                          somethingNew: {a: 1}
                                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo, uid: 7}
                                          analysis: {interval: null, threshold: 1, stepWeight: 5, metrics: null}
                                        """))
                        .getSpec();

        assertThat(spec.provider()).isNull();
        assertThat(spec.analysis().interval()).isNull();
        assertThat(spec.analysis().metrics()).isNull();
        assertThat(spec.service()).isNull();
    }

    @Test
    void portsAreNumbersOrNames() {
        assertThat(targetPort("http")).isEqualTo(new IntOrString("http"));
        assertThat(targetPort("8080")).isEqualTo(new IntOrString(8080));
    }

    private static @Nullable IntOrString targetPort(String written) {
        var service =
                whole(Manifests.canary("service: {targetPort: " + written + "}"))
                        .getSpec()
                        .service();
        return Objects.requireNonNull(service).targetPort();
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', spec",
        "'{spec: 1}', spec",
        "'[]', spec",
        "'{spec: {}}', spec.targetRef",
        "'{metadata: {name: {}}}', metadata"
    })
    void whatIsNoCanaryHasProblemsToo(String written, String path) {
        var reading = CanaryReader.read(Manifests.yaml(written));

        assertThat(reading).isInstanceOf(Reading.Malformed.class);
        assertThat(((Reading.Malformed<Canary>) reading).problems())
                .extracting(Problem::getPath)
                .contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary-weights",
                "canary-ab-testing",
                "canary-step-weights",
                "canary-own-routes",
                "canary-nested",
                "canary-compare",
                "canary-consistent-hash",
                "canary-replicas",
                "canary-service"
            })
    void nothingOfACanaryIsLost(String example) {
        var manifest = Manifests.resource(example + ".yaml");

        assertThat(written(whole(manifest))).isEqualTo(written(manifest));
    }

    @Test
    void nothingOfTemplatesAndProvidersIsLost() {
        for (var example : List.of("alert-provider", "alert-provider-secret")) {
            var manifest = Manifests.resource(example + ".yaml");
            var reading = CanaryReader.readAlertProvider(manifest);
            assertThat(written(((Reading.Whole<AlertProvider>) reading).resource()))
                    .isEqualTo(written(manifest));
        }
        for (var example : List.of("metric-template.yaml", "metric-template-oauth2.yaml")) {
            var template = Manifests.resource(example);
            var reading = CanaryReader.readMetricTemplate(template);
            assertThat(written(((Reading.Whole<MetricTemplate>) reading).resource()))
                    .isEqualTo(written(template));
        }
    }

    @Test
    void oneMalformedCanaryLeavesTheOthersOfAListReadable() {
        var list =
                """
                {"apiVersion": "flagger.app/v1beta1", "kind": "CanaryList", "metadata": {}, "items": [%s, %s]}
                """
                        .formatted(
                                Manifests.canary("analysis: {iterations: 2.5}"),
                                Manifests.canary(""));

        var read = fabric8.unmarshal(list, CanaryList.class).getItems();

        assertThat(read.getFirst().problems())
                .extracting(Problem::getPath)
                .containsExactly("spec.analysis.iterations");
        assertThat(read.getLast().problems()).isEmpty();
        assertThat(read.getLast().getSpec().analysis().stepWeight()).isEqualByComparingTo("10");
    }

    @Test
    void anObjectOfAnyKindIsReadTheSame() {
        var manifest = Manifests.canary("service: {targetPort: 8080, corsPolicy: {maxAge: 24h}}");
        var object = fabric8.unmarshal(manifest.toString(), GenericKubernetesResource.class);

        var reading = CanaryReader.read(object);

        assertThat(reading).isInstanceOf(Reading.Whole.class);
        var canary = ((Reading.Whole<Canary>) reading).resource();
        assertThat(canary.getSpec()).isEqualTo(whole(manifest).getSpec());
        assertThat(canary.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(canary.getMetadata().getGeneration()).isEqualTo(4);
    }

    @Test
    void templatesAndProvidersAreReadAlike() {
        var template =
                CanaryReader.readMetricTemplate(
                        Manifests.yaml(
                                """
                                metadata: {name: errors}
                                spec:
                                  provider: {type: prometheus, address: "http://p", headers: {X-Org: [a, b]}}
                                  query: sum(errors)
                                """));
        assertThat(
                        ((Reading.Whole<MetricTemplate>) template)
                                .resource()
                                .getSpec()
                                .provider()
                                .headers())
                .containsEntry("X-Org", List.of("a", "b"));

        var provider =
                CanaryReader.readAlertProvider(
                        Manifests.yaml(
                                "{metadata: {name: chat}, spec: {type: slack, address: 7}}"));
        assertThat(((Reading.Malformed<AlertProvider>) provider).problems())
                .extracting(Problem::getPath)
                .containsExactly("spec.address");
    }

    private Object written(Object resource) {
        return fabric8.unmarshal(fabric8.asJson(resource), Object.class);
    }

    private static Canary whole(JsonNode manifest) {
        var reading = CanaryReader.read(manifest);
        assertThat(reading).isInstanceOf(Reading.Whole.class);
        return ((Reading.Whole<Canary>) reading).resource();
    }

    /** As fabric8 lists them. */
    private static final class CanaryList
            extends io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList<Canary> {
        private static final long serialVersionUID = 1L;
    }

    /** Whatever makes it large: a known field, an unknown one, a key, or many small parts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "service: {port: 80, name: LARGE}",
                "unknown: LARGE",
                "analysis: {webhooks: [{name: a, url: 'http://a', metadata: {? LARGE : b}}]}",
                "analysis: {stepWeights: [MANY]}",
            })
    void aSpecThatIsTooLargeIsNotReadAtAll(String spec) {
        String large = "x".repeat(SpecSize.LARGEST);
        String many = "1, ".repeat(SpecSize.LARGEST / 4);

        var reading =
                CanaryReader.read(
                        Manifests.canary(spec.replace("LARGE", large).replace("MANY", many)));

        assertThat(reading.resource().problems())
                .extracting(Problem::getPath, Problem::getMessage)
                .containsExactly(
                        tuple(
                                "spec",
                                "has more than 131,072 characters: keep large texts elsewhere, or"
                                        + " split it"));
        assertThat(reading.resource().getSpec()).isNull();
        assertThat(reading.resource().getMetadata().getName()).isEqualTo("podinfo");
    }

    @Test
    void aLargeSpecWithinTheLimitIsRead() {
        String name = "x".repeat(SpecSize.LARGEST - 1024);

        var reading = CanaryReader.read(Manifests.canary("service: {name: %s}".formatted(name)));

        assertThat(reading).isInstanceOf(Reading.Whole.class);
    }
}
