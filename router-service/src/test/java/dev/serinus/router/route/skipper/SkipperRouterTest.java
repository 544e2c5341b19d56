package dev.serinus.router.route.skipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Weight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is special about Skipper; shapes are in the golden folders. */
class SkipperRouterTest {

    private static final String WEIGHTS = "zalando.org/backend-weights";
    private static final String PREDICATE = "zalando.org/skipper-predicate";
    private static final String RULES =
            "rules: [{http: {paths: [{path: /, backend: {service: {name: podinfo, port: {number:"
                    + " 80}}}}, {path: /, backend: {service: {name: old, port: {number: 80}}}}]}}]";

    private static ClusterObject copy(String metadata, String spec, Split split) {
        var canary =
                Copies.canary(
                        "ingressRef: {kind: Ingress, name: shop}", "{port: 80}", "stepWeight: 10");
        var source =
                Copies.object(
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: shop, namespace: test%s}
                        spec: {%s}
                        """
                                .formatted(metadata, spec));
        return new CanaryRoute(new SkipperRouter(), canary)
                .plan(
                        new Routing(canary, split, 1, "app"),
                        ref -> ref.equals(source.ref()) ? source : null)
                .getFirst()
                .desired();
    }

    /** It ends Flagger's whole controller. */
    @Test
    void anIngressWithoutAnnotationsIsServed() {
        var copy = copy("", RULES, Split.of(30));

        assertThat(copy.annotations())
                .containsEntry(PREDICATE, "Weight(100)")
                .containsEntry(WEIGHTS, "{\"podinfo-canary\":30,\"podinfo-primary\":70}");
        assertThat(new SkipperRouter().shown(copy)).hasValue(Split.of(30));
    }

    @Test
    void whatTheApplicationWeighsBesideOthersIsDivided() {
        var copy =
                copy(
                        ", annotations: {zalando.org/backend-weights: '{\"podinfo\": 50, \"old\":"
                                + " 50}'}",
                        RULES,
                        Split.of(30));

        assertThat(copy.annotation(WEIGHTS))
                .isEqualTo("{\"old\":50,\"podinfo-canary\":15,\"podinfo-primary\":35}");
        assertThat(new SkipperRouter().shown(copy)).hasValue(Split.of(30));
    }

    @Test
    void anApplicationThatTheIngressGivesNothingIsRefused() {
        assertThatThrownBy(
                        () ->
                                copy(
                                        ", annotations: {zalando.org/backend-weights:"
                                                + " '{\"podinfo\": 0, \"old\": 1}'}",
                                        RULES,
                                        Split.of(30)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ingress shop.test gives podinfo no weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Path(\"/a&&b\") | Weight(100) && Path(\"/a&&b\")",
                "False() && Host(/x/) | Weight(100) && Host(/x/)",
                "Weight(100) | Weight(100)",
                "Weight(5) && Host(/x/) | Weight(100) && Weight(5) && Host(/x/)"
            })
    void thePredicateOfTheUserIsKeptAsItIs(String theirs, String all) {
        var copy =
                copy(
                        ", annotations: {zalando.org/skipper-predicate: '" + theirs + "'}",
                        RULES,
                        Split.of(30));

        assertThat(copy.annotation(PREDICATE)).isEqualTo(all);
    }

    /** Flagger copies it and moves nothing. */
    @Test
    void anIngressThatDoesNotLeadToTheApplicationIsNamed() {
        assertThatThrownBy(
                        () ->
                                copy(
                                        "",
                                        "rules: [{host: bare.example.com}], defaultBackend:"
                                                + " {service: {name: podinfo, port: {number: 80}}}",
                                        Split.PRIMARY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("backend podinfo not found in ingress shop");
    }

    @Test
    void aCopyThatIsSwitchedOffShowsThePrimaryWhateverItsWeights() {
        var copy = copy("", RULES, Split.of(30)).edited(it -> it.annotate(PREDICATE, "False()"));

        assertThat(new SkipperRouter().shown(copy)).hasValue(Split.PRIMARY);
    }

    @ParameterizedTest
    @CsvSource({
        "999, 1, 0.1",
        "1, 999, 99.9",
        "0.998, 0.002, 0.2",
        "999999, 1, 0.01",
        "0, 1, 100",
        "1, 0, 0"
    })
    void aSideThatHasAnyShareIsNotLeftOut(String primary, String canary, double shown) {
        var copy =
                copy("", RULES, Split.of(30))
                        .edited(
                                it ->
                                        it.annotate(
                                                WEIGHTS,
                                                "{\"podinfo-primary\": %s, \"podinfo-canary\": %s}"
                                                        .formatted(primary, canary)));

        assertThat(new SkipperRouter().shown(copy)).hasValue(Split.of(Weight.nearest(shown)));
    }

    @Test
    void weightsThatAreNoJsonShowNothing() {
        var copy = copy("", RULES, Split.of(30)).edited(it -> it.annotate(WEIGHTS, "half"));

        assertThat(new SkipperRouter().shown(copy)).isEmpty();
    }
}
