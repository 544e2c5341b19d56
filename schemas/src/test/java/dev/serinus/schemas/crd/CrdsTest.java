package dev.serinus.schemas.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Manifests;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class CrdsTest {
    private static final List<String> CANARIES =
            List.of(
                    "canary-weights",
                    "canary-ab-testing",
                    "canary-step-weights",
                    "canary-own-routes",
                    "canary-nested",
                    "canary-compare",
                    "canary-baseline",
                    "canary-consistent-hash",
                    "canary-replicas",
                    "canary-service");

    private static final List<String> TEMPLATES =
            List.of("metric-template", "metric-template-oauth2");

    static Stream<Arguments> seenBySchema() {
        return Stream.of(
                argumentSet("unknown provider", "provider: isto"),
                argumentSet("unknown target", "targetRef: {kind: StatefulSet}"),
                argumentSet("target without an API version", "targetRef: {apiVersion: null}"),
                argumentSet("no analysis", "analysis: null"),
                argumentSet("no port", "service: {port: null}"),
                argumentSet("no way of stepping", "analysis: {stepWeight: null}"),
                argumentSet("two ways of stepping", "analysis: {stepWeights: [5, 10]}"),
                argumentSet("metric without a name", "analysis: {metrics: [{interval: 1m}]}"),
                argumentSet("hook without a URL", "analysis: {webhooks: [{name: a}]}"),
                argumentSet(
                        "unknown hook",
                        "analysis: {webhooks: [{name: a, url: 'http://a', type: before}]}"),
                argumentSet(
                        "number in metadata",
                        "analysis: {webhooks: [{name: a, url: 'http://a', metadata: {n: 1}}]}"),
                argumentSet(
                        "unknown severity",
                        "analysis: {alerts: [{name: a, severity: fatal, providerRef: {name: b}}]}"),
                argumentSet(
                        "affinity without a cookie", "analysis: {sessionAffinity: {maxAge: 1}}"),
                argumentSet(
                        "two ways of matching", "service: {match: [{uri: {exact: /, prefix: /}}]}"),
                argumentSet(
                        "no way of matching in an A/B test",
                        "analysis: {match: [{headers: {a: {}}}]}"),
                argumentSet(
                        "no replicas",
                        "autoscalerRef: {apiVersion: v2, kind: HorizontalPodAutoscaler, name: a,"
                                + " primaryScalerReplicas: {minReplicas: 0}}"),
                argumentSet(
                        "gateway without a name", "service: {gatewayRefs: [{namespace: edge}]}"),
                argumentSet(
                        "unknown judge",
                        "analysis: {metrics: [{name: a, compare: {judge: t-test}}]}"),
                argumentSet(
                        "requests by two ways",
                        "analysis: {metrics: [{name: a, compare: {requests: {query: a, templateRef:"
                                + " {name: b}}}}]}"),
                argumentSet("unknown meaning of no data", "analysis: {onNoData: wait}"));
    }

    @Test
    void whatARefusalIsAboutIsSaidInAMessage() {
        // A refusal by oneOf reads "<nil>: Invalid value".
        for (var definition : Crds.trees()) {
            assertThat(definition.findValues("oneOf")).isEmpty();
            assertThat(definition.findValues("choice")).isEmpty();
            assertThat(definition.findValues("x-kubernetes-validations"))
                    .allSatisfy(
                            rules ->
                                    assertThat(rules)
                                            .allSatisfy(
                                                    rule ->
                                                            assertThat(
                                                                            rule.path("message")
                                                                                    .asText())
                                                                    .isNotBlank()));
        }
        assertThat(Crds.trees().toString())
                .contains("at least one of iterations, stepWeight, stepWeights has to be set")
                .contains("exactly one of address, secretRef has to be set");
    }

    @Test
    void areReadByFabric8FromTheirYaml() {
        List<CustomResourceDefinition> read = new KubernetesSerialization().unmarshal(Crds.yaml());

        assertThat(read).isEqualTo(Crds.all());
        assertThat(read)
                .extracting(definition -> definition.getMetadata().getName())
                .containsExactly(
                        "canaries.flagger.app",
                        "metrictemplates.flagger.app",
                        "alertproviders.flagger.app");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "canaries | Canary | canary | CanaryList",
                "metrictemplates | MetricTemplate | metrictemplate | MetricTemplateList",
                "alertproviders | AlertProvider | alertprovider | AlertProviderList"
            })
    void haveTheNamesOfFlaggers(String plural, String kind, String singular, String listKind) {
        var definition = definition(kind);

        assertThat(definition.getMetadata().getAnnotations())
                .containsEntry("helm.sh/resource-policy", "keep");
        assertThat(definition.getSpec().getScope()).isEqualTo("Namespaced");
        var names = definition.getSpec().getNames();
        assertThat(names.getPlural()).isEqualTo(plural);
        assertThat(names.getSingular()).isEqualTo(singular);
        assertThat(names.getListKind()).isEqualTo(listKind);
        assertThat(names.getCategories()).containsExactly("all");
        assertThat(names.getShortNames()).isEmpty();
        var version = definition.getSpec().getVersions().getFirst();
        assertThat(version.getName()).isEqualTo("v1beta1");
        assertThat(version.getServed()).isTrue();
        assertThat(version.getStorage()).isTrue();
        assertThat(version.getSubresources().getStatus()).isNotNull();
    }

    @Test
    void kubectlPrintsTheColumnsOfFlaggerAndLastWhatIsWaitedFor() {
        assertThat(columns("Canary"))
                .containsExactly(
                        "Status string .status.phase",
                        "Weight string .status.canaryWeight",
                        "Suspended boolean .spec.suspend *",
                        "FailedChecks string .status.failedChecks *",
                        "Interval string .spec.analysis.interval *",
                        "Mirror boolean .spec.analysis.mirror *",
                        "StepWeight string .spec.analysis.stepWeight *",
                        "StepWeights string .spec.analysis.stepWeights *",
                        "MaxWeight string .spec.analysis.maxWeight *",
                        "LastTransitionTime date .status.lastTransitionTime",
                        "Waiting string .status.serinus.waitingFor");
        assertThat(columns("MetricTemplate"))
                .containsExactly("Provider string .spec.provider.type");
        assertThat(columns("AlertProvider")).containsExactly("Type string .spec.type");
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
                "canary-service",
                "metric-template",
                "metric-template-oauth2",
                "alert-provider",
                "alert-provider-secret"
            })
    void acceptAndKeepEveryFieldOfTheExamples(String example) {
        var object = Manifests.resource(example + ".yaml");

        assertThat(ApiServerSchema.of(object.path("kind").textValue()).mistakes(object)).isEmpty();
    }

    /** So that the test above and the one of the reader's round trip leave nothing out. */
    @Test
    void everyFieldOccursInAnExample() {
        assertThat(missing("Canary", CANARIES)).isEmpty();
        assertThat(missing("MetricTemplate", TEMPLATES)).isEmpty();
    }

    private static Set<String> missing(String kind, List<String> examples) {
        var occurring = new TreeSet<String>();
        examples.forEach(
                example ->
                        paths(Manifests.resource(example + ".yaml"), schema(kind), "", occurring));
        var missing = known(schema(kind), "");
        missing.removeAll(occurring);
        return missing;
    }

    @ParameterizedTest
    @MethodSource("seenBySchema")
    void refuseWhatFlaggersRefuse(String changes) {
        assertThat(ApiServerSchema.of("Canary").mistakes(Manifests.canary(changes))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analysis: {stepWeight: 2.5}",
                "analysis: {interval: 1mfoo}",
                "analysis: {interval: 60ms}",
                "analysis: {threshold: -1}",
                "analysis: {stepWeight: null, stepWeights: []}",
                "service: {targetPort: http}",
                "service: {targetPort: 80}",
                "service: {mirror: [{}]}",
                "progressDeadlineSeconds: 0"
            })
    void acceptWhatFlaggersAcceptThoughItBeWrong(String changes) {
        assertThat(ApiServerSchema.of("Canary").mistakes(Manifests.canary(changes))).isEmpty();
    }

    /** Flagger's server refuses these; the guides that people come with have them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "analysis: {interval: 1h}",
                "analysis: {threshold: null}",
                "analysis: {iterations: 20}",
                "analysis: {stepWeight: null, stepWeights: [5, 10], iterations: 20}",
                "analysis: {metrics: [{name: a, interval: 1h}]}",
                "analysis: {webhooks: [{name: a, url: 'http://a', timeout: 1h}]}"
            })
    void acceptWhatFlaggersRefuseThoughItHasAMeaning(String changes) {
        assertThat(ApiServerSchema.of("Canary").mistakes(Manifests.canary(changes))).isEmpty();
    }

    @Test
    void anAlertProviderHasAnAddressOrASecret() {
        var schema = ApiServerSchema.of("AlertProvider");

        assertThat(schema.mistakes(Manifests.yaml("spec: {type: slack}"))).isNotEmpty();
        assertThat(
                        schema.mistakes(
                                Manifests.yaml(
                                        "spec: {type: slack, address: a, secretRef: {name: b}}")))
                .isNotEmpty();
        assertThat(schema.mistakes(Manifests.yaml("spec: {address: a}"))).isNotEmpty();
    }

    @Test
    void whoAsksForAMetricIsSaidOnce() {
        var schema = ApiServerSchema.of("MetricTemplate");
        var oauth2 = "oauth2: {tokenUrl: 'http://a', clientId: a, secretRef: {name: a}}";
        var template = "spec: {query: q, provider: {type: prometheus, auth: {%s}}}";

        assertThat(schema.mistakes(Manifests.yaml(template.formatted(oauth2)))).isEmpty();
        assertThat(
                        schema.mistakes(
                                Manifests.yaml(
                                        template.formatted("bearerTokenFile: a, " + oauth2))))
                .isNotEmpty();
    }

    @Test
    void whoAsksForAMetricIsSaidShortly() {
        var schema = ApiServerSchema.of("MetricTemplate");
        var template =
                "spec: {query: q, provider: {type: prometheus, auth: {oauth2: {tokenUrl: '%s',"
                        + " clientId: a, scopes: [%s], secretRef: {name: %s}}}}}";

        assertThat(schema.mistakes(Manifests.yaml(template.formatted("http://a", "a", "a"))))
                .isEmpty();
        for (var each :
                List.of(
                        template.formatted("x".repeat(2049), "a", "a"),
                        template.formatted("http://a", "a,".repeat(51), "a"),
                        template.formatted("http://a", "x".repeat(1025), "a"),
                        template.formatted("http://a", "a", "x".repeat(254)))) {
            assertThat(schema.mistakes(Manifests.yaml(each))).isNotEmpty();
        }
    }

    @Test
    void aFileOfAMetricTemplateLeadsNowhereElse() {
        var schema = ApiServerSchema.of("MetricTemplate");
        var template =
                "spec: {query: q, provider: {type: prometheus, auth: {bearerTokenFile: %s}}}";

        assertThat(schema.mistakes(Manifests.yaml(template.formatted("a/b")))).isEmpty();
        assertThat(schema.mistakes(Manifests.yaml(template.formatted("a/../b")))).isNotEmpty();
    }

    @Test
    void defaultsAreFlaggers() {
        var spec = schema("Canary").at("/properties/spec/properties");

        assertThat(
                        spec.at("/analysis/properties/sessionAffinity/properties/maxAge/default")
                                .intValue())
                .isEqualTo(86400);
        var gateway = spec.at("/service/properties/gatewayRefs/items/properties");
        assertThat(gateway.at("/group/default").textValue()).isEqualTo("gateway.networking.k8s.io");
        assertThat(gateway.at("/kind/default").textValue()).isEqualTo("Gateway");
        var mirror = spec.at("/service/properties/mirror/items/properties/backendRef/properties");
        assertThat(mirror.at("/group/default").textValue()).isEmpty();
        assertThat(mirror.at("/kind/default").textValue()).isEqualTo("Service");
    }

    @Test
    void everyFieldOfTheModelIsExplained() {
        for (var kind : List.of("Canary", "MetricTemplate", "AlertProvider")) {
            assertThat(unexplained(schema(kind).path("properties").path("spec"), kind + ".spec"))
                    .isEmpty();
            assertThat(
                            unexplained(
                                    schema(kind).path("properties").path("status"),
                                    kind + ".status"))
                    .isEmpty();
        }
    }

    private static CustomResourceDefinition definition(String kind) {
        return Crds.all().stream()
                .filter(definition -> definition.getSpec().getNames().getKind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> columns(String kind) {
        return definition(kind)
                .getSpec()
                .getVersions()
                .getFirst()
                .getAdditionalPrinterColumns()
                .stream()
                .map(CrdsTest::column)
                .toList();
    }

    private static String column(CustomResourceColumnDefinition column) {
        var wide = column.getPriority() != null && column.getPriority() == 1 ? " *" : "";
        return column.getName() + " " + column.getType() + " " + column.getJsonPath() + wide;
    }

    private static JsonNode schema(String kind) {
        return Crds.trees().stream()
                .filter(tree -> tree.at("/spec/names/kind").textValue().equals(kind))
                .findFirst()
                .orElseThrow()
                .at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /** Every field that a schema knows, by path. */
    private static Set<String> known(JsonNode schema, String path) {
        var known = new TreeSet<String>();
        for (var property : schema.path("properties").properties()) {
            var at = path + "." + property.getKey();
            known.add(at);
            known.addAll(known(property.getValue(), at));
        }
        for (var content : List.of("items", "additionalProperties")) {
            if (schema.path(content) instanceof ObjectNode inner) {
                known.addAll(known(inner, path + "[]"));
            }
        }
        return known;
    }

    /** Every field that an object has, by the same paths. */
    private static void paths(JsonNode object, JsonNode schema, String path, Set<String> found) {
        found.add(path);
        if (object.isArray()) {
            object.forEach(item -> paths(item, schema.path("items"), path + "[]", found));
        }
        for (var field : object.properties()) {
            var map = schema.path("additionalProperties").isObject();
            paths(
                    field.getValue(),
                    map
                            ? schema.path("additionalProperties")
                            : schema.path("properties").path(field.getKey()),
                    map ? path + "[]" : path + "." + field.getKey(),
                    found);
        }
    }

    /** Fields without a description, but for those inside what a mesh explains. */
    private static Set<String> unexplained(JsonNode schema, String path) {
        var unexplained = new TreeSet<String>();
        var properties = schema.path("properties").properties();
        if (properties.stream().anyMatch(property -> property.getValue().has("description"))) {
            for (var property : properties) {
                var at = path + "." + property.getKey();
                if (!property.getValue().has("description")) {
                    unexplained.add(at);
                }
                unexplained.addAll(unexplained(property.getValue(), at));
                unexplained.addAll(unexplained(property.getValue().path("items"), at + "[]"));
            }
        }
        return unexplained;
    }
}
