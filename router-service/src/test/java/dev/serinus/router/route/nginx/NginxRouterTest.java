package dev.serinus.router.route.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** What is special about NGINX; shapes are in the golden folders. */
class NginxRouterTest {

    private static final String PREFIX = "nginx.ingress.kubernetes.io/";
    private static final String REF = "ingressRef: {kind: Ingress, name: shop}";

    private static ClusterObject copy(
            String service, String analysis, String ingress, Split split) {
        return copy(IngressNames.DEFAULTS, service, analysis, ingress, split);
    }

    private static ClusterObject copy(
            IngressNames names, String service, String analysis, String ingress, Split split) {
        var canary = Copies.canary(REF, service, analysis);
        var source = Copies.object(ingress);
        return new CanaryRoute(new NginxRouter(names), canary)
                .plan(
                        new Routing(canary, split, 1, "app"),
                        ref -> ref.equals(source.ref()) ? source : null)
                .getFirst()
                .desired();
    }

    private static String ingress(String annotations, String spec) {
        return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop, namespace: test, annotations: {%s}}
        spec: {%s}
        """
                .formatted(annotations, spec);
    }

    private static String rule(String host, String path, String service, String port) {
        return "{host: %s, http: {paths: [{path: %s, pathType: Prefix, backend: {service: {name: %s, port: {%s}}}}]}}"
                .formatted(host, path, service, port);
    }

    private static final String WEIGHTS = "stepWeight: 10";
    private static final String OURS = rule("a.example.com", "/", "podinfo", "number: 80");

    /** The controller takes one of both, and says nothing of the other. */
    @Test
    void anotherCanaryForTheSameHostAndPathIsTold() {
        String preview =
                ingress(
                                PREFIX + "canary: 'true'",
                                "rules: [" + OURS.replace("podinfo", "next") + "]")
                        .replace("name: shop,", "name: preview,");

        assertThat(beside(preview).lost())
                .singleElement()
                .asString()
                .startsWith("Ingress preview.test is a canary for a host and path of Ingress shop");
        assertThat(beside(preview.replace("path: /", "path: /next")).lost()).isEmpty();
        assertThat(beside(preview.replace("'true'", "'false'")).lost()).isEmpty();
    }

    private static RouterAtWork beside(String other) {
        return new RouterAtWork(
                        new NginxRouter(IngressNames.DEFAULTS), "{port: 80}", "[]", "{" + REF + "}")
                .put(ingress("", "rules: [" + OURS + "]"))
                .put(other);
    }

    @Test
    void theAnnotationsBeginAsTheInstallationsDo() {
        var names = new IngressNames(null, "nginx.example.com");
        var source =
                ingress(
                        "nginx.example.com/canary-weight: '7', nginx.example.com/limit-rps: '5'",
                        "rules: [" + OURS + "]");
        var copy = copy(names, "{port: 80}", WEIGHTS, source, Split.of(30));

        assertThat(copy.annotations())
                .containsAllEntriesOf(
                        Map.of(
                                "nginx.example.com/canary", "true",
                                "nginx.example.com/canary-weight", "30",
                                "nginx.example.com/limit-rps", "5"));
        assertThat(copy.annotations().keySet()).noneMatch(it -> it.startsWith(PREFIX));
        assertThat(new NginxRouter(names).shown(copy)).hasValue(Split.of(30));
        assertThat(new NginxRouter(IngressNames.DEFAULTS).shown(copy)).isEmpty();
    }

    /** Else a release could not be taken back because somebody edits the Ingress. */
    @Test
    void fromASourceThatCannotBeUsedTrafficIsTakenFromTheCanaryAndNeverGivenToIt() {
        var canary = Copies.canary(REF, "{port: 80}", WEIGHTS);
        var route = new CanaryRoute(new NginxRouter(IngressNames.DEFAULTS), canary);
        var standing =
                copy("{port: 80}", WEIGHTS, ingress("", "rules: [" + OURS + "]"), Split.of(30));
        var elsewhere =
                Copies.object(
                        ingress(
                                "",
                                "rules: ["
                                        + rule("a.example.com", "/", "podinfo-v2", "number: 80")
                                        + "]"));
        Router.Live live = ref -> ref.equals(elsewhere.ref()) ? elsewhere : standing;

        var back = route.plan(new Routing(canary, Split.PRIMARY, 1, "app"), live);

        assertThat(back.getFirst().desired().annotation(PREFIX + "canary-weight")).isEqualTo("0");
        assertThat(back.getFirst().desired().at("/spec")).isEqualTo(standing.at("/spec"));
        assertThatThrownBy(() -> route.plan(new Routing(canary, Split.of(40), 1, "app"), live))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("backend podinfo not found in ingress shop");
    }

    @Test
    void whatRancherNotesOnAnIngressIsNotCopied() {
        var copy =
                copy(
                        "{port: 80}",
                        WEIGHTS,
                        ingress("field.cattle.io/publicEndpoints: '[]'", "rules: [" + OURS + "]"),
                        Split.of(30));

        assertThat(copy.annotations()).doesNotContainKey("field.cattle.io/publicEndpoints");
    }

    /** NGINX crashes on a canary's rule without paths, and serves its other backends to nobody. */
    @Test
    void nothingIsCopiedThatDoesNotLeadToTheApplication() {
        var copy =
                copy(
                        "{port: 80}",
                        WEIGHTS,
                        ingress(
                                "",
                                "defaultBackend: {service: {name: other, port: {number: 80}}},"
                                        + " rules: [{host: bare.example.com}, "
                                        + rule("b.example.com", "/", "other", "number: 80")
                                        + ", "
                                        + OURS
                                        + "]"),
                        Split.PRIMARY);

        assertThat(copy.at("/spec/defaultBackend").isMissingNode()).isTrue();
        assertThat(copy.at("/spec/rules")).hasSize(1);
        assertThat(copy.at("/spec/rules/0/host").asText()).isEqualTo("a.example.com");
        assertThat(copy.at("/spec/rules/0/http/paths/0/backend/service/name").asText())
                .isEqualTo("podinfo-canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "path: '', "})
    void aPathWithoutATextIsTheRootOfTheCanaryToo(String path) {
        var copy =
                copy(
                        "{port: 80}",
                        WEIGHTS,
                        ingress(
                                "",
                                "rules: [{http: {paths: [{"
                                        + path
                                        + "pathType: ImplementationSpecific, backend: {service:"
                                        + " {name: podinfo, port: {number: 80}}}}]}}]"),
                        Split.PRIMARY);

        assertThat(copy.at("/spec/rules/0/http/paths/0/path").asText()).isEqualTo("/");
    }

    @Test
    void anApplicationThatIsTheDefaultIsSplitToo() {
        var copy =
                copy(
                        "{port: 80}",
                        WEIGHTS,
                        ingress(
                                "",
                                "defaultBackend: {service: {name: podinfo, port: {number: 80}}}"),
                        Split.of(20));

        assertThat(copy.at("/spec").toString())
                .isEqualTo(
                        "{\"defaultBackend\":{\"service\":{\"name\":\"podinfo-canary\",\"port\":{\"number\":80}}}}");
        assertThat(new NginxRouter(IngressNames.DEFAULTS).shown(copy)).hasValue(Split.of(20));
    }

    @Test
    void anIngressThatDoesNotLeadToTheApplicationIsNamed() {
        assertThatThrownBy(
                        () ->
                                copy(
                                        "{name: shop-svc, port: 80}",
                                        WEIGHTS,
                                        ingress("", "rules: [" + OURS + "]"),
                                        Split.PRIMARY))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "backend shop-svc not found in ingress shop; lead one of its paths there,"
                                + " or set spec.service.name to the Service that it leads to");
    }

    @Test
    void anIngressThatIsACanaryItselfIsRefused() {
        assertThatThrownBy(
                        () ->
                                copy(
                                        "{port: 80}",
                                        WEIGHTS,
                                        ingress(PREFIX + "canary: 'true'", "rules: [" + OURS + "]"),
                                        Split.PRIMARY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ingress shop.test is a canary itself");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "number: 81 | {port: 80}",
                "name: web | {port: 80}",
                "name: http | {port: 80, portName: web}"
            })
    void aPortThatTheCanarysServiceWillNotHaveIsRefused(String port, String service) {
        assertThatThrownBy(
                        () ->
                                copy(
                                        service,
                                        WEIGHTS,
                                        ingress(
                                                "",
                                                "rules: ["
                                                        + rule(
                                                                "a.example.com",
                                                                "/",
                                                                "podinfo",
                                                                port)
                                                        + "]"),
                                        Split.PRIMARY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ingress shop.test leads to port ")
                .hasMessageContaining("spec.service.port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "number: 80 | {port: 80}",
                "name: http | {port: 80}",
                "name: web | {port: 80, portName: web}",
                "number: 9898 | {port: 80, targetPort: 9898}",
                "name: grpc | {port: 80, portDiscovery: true}"
            })
    void aPortThatTheCanarysServiceHasIsTaken(String port, String service) {
        var copy =
                copy(
                        service,
                        WEIGHTS,
                        ingress("", "rules: [" + rule("a.example.com", "/", "podinfo", port) + "]"),
                        Split.PRIMARY);

        assertThat(copy.at("/spec/rules")).hasSize(1);
    }

    @Test
    void whoAsksForTheCanaryGetsItWhileWeightsRunAndNotAtRest() {
        var source =
                ingress(
                        PREFIX
                                + "canary-by-header: x-preview, "
                                + PREFIX
                                + "canary-weight-total: '9'",
                        "rules: [" + OURS + "]");

        assertThat(copy("{port: 80}", WEIGHTS, source, Split.of(10)).annotations())
                .containsEntry(PREFIX + "canary-by-header", "x-preview")
                .containsEntry(PREFIX + "canary-weight", "10")
                .doesNotContainKey(PREFIX + "canary-weight-total");
        assertThat(copy("{port: 80}", WEIGHTS, source, Split.PRIMARY).annotations())
                .doesNotContainKey(PREFIX + "canary-by-header")
                .containsEntry(PREFIX + "canary-weight", "0");
    }

    @Test
    void conditionsTakeThePlaceOfWhatTheIngressSays() {
        var source = ingress(PREFIX + "canary-by-header: x-preview", "rules: [" + OURS + "]");
        var copy =
                copy(
                        "{port: 80}",
                        "iterations: 3, match: [{headers: {cookie: {exact: insider}}}]",
                        source,
                        Split.of(100).matching(true));

        assertThat(copy.annotations())
                .containsEntry(PREFIX + "canary-by-cookie", "insider")
                .containsEntry(PREFIX + "canary-weight", "0")
                .doesNotContainKey(PREFIX + "canary-by-header");
        // A router that starts anew goes by what is live: who matches, and not everybody.
        assertThat(new NginxRouter(IngressNames.DEFAULTS).shown(copy))
                .hasValue(Split.of(100).matching(true));
    }

    @Test
    void everybodyGoesToTheCanaryWhereConditionsAreSetAside() {
        var copy =
                copy(
                        "{port: 80}",
                        "iterations: 3, match: [{headers: {x-a: {exact: b}}}]",
                        ingress("", "rules: [" + OURS + "]"),
                        Split.of(100));

        assertThat(copy.annotations())
                .containsEntry(PREFIX + "canary-weight", "100")
                .doesNotContainKey(PREFIX + "canary-by-header");
    }

    @ParameterizedTest
    @CsvSource({"50, 10000, 0.5", "10, 50, 10", "300, 400, 75", "0, 1000, 0"})
    void aTotalOfSomebodyElseIsReadAsNginxReadsIt(String weight, String total, double percent) {
        var copy =
                copy("{port: 80}", WEIGHTS, ingress("", "rules: [" + OURS + "]"), Split.of(30))
                        .edited(
                                it ->
                                        it.annotate(PREFIX + "canary-weight", weight)
                                                .annotate(PREFIX + "canary-weight-total", total));

        assertThat(new NginxRouter(IngressNames.DEFAULTS).shown(copy))
                .hasValue(Split.of(Weight.nearest(percent)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "-5", "101", "1e2"})
    void aWeightThatIsNoneIsNotTakenForOne(String weight) {
        var copy =
                copy("{port: 80}", WEIGHTS, ingress("", "rules: [" + OURS + "]"), Split.of(30))
                        .edited(it -> it.annotate(PREFIX + "canary-weight", weight));

        assertThat(new NginxRouter(IngressNames.DEFAULTS).shown(copy)).isEmpty();
    }
}
