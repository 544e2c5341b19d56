package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What an author is told is true, all of it is told at once, and it has the way out. */
class AnswersTest {

    private static final Installation ISTIO = Installation.named("lab");

    private static Admission admission(String changes) {
        return Admissions.admit(CanaryReader.read(Manifests.canary(changes)).resource(), ISTIO);
    }

    private static Map<String, String> problems(String changes) {
        assertThat(admission(changes)).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) admission(changes))
                .problems().stream()
                        .collect(Collectors.toMap(it -> it.getPath(), it -> it.getMessage()));
    }

    private static List<String> hints(String changes) {
        assertThat(admission(changes)).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission(changes)).hints();
    }

    private static List<String> unused(String changes) {
        assertThat(admission(changes)).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission(changes)).unused();
    }

    /** By Istio it would need a Service, and could keep clients. */
    @Test
    void aKnativeTargetIsJudgedByKnativeWhateverProviderItNames() {
        var problems =
                problems(
                        "{service: null, targetRef: {apiVersion: serving.knative.dev/v1, kind:"
                                + " Service}, analysis: {sessionAffinity: {cookieName: a}}}");

        assertThat(problems)
                .containsOnlyKeys("spec.provider", "spec.analysis.sessionAffinity")
                .hasEntrySatisfying(
                        "spec.provider", it -> assertThat(it).contains("set provider: knative"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{stepWeight: 0.001}                          | spec.analysis.stepWeight",
                "{stepWeight: null, stepWeights: [1.25, 1.255]} | spec.analysis.stepWeights[1]"
            })
    void aWeightThatIsTooFineIsToldAsThatAlone(String analysis, String path) {
        assertThat(problems("analysis: " + analysis))
                .containsOnlyKeys(path)
                .hasEntrySatisfying(path, it -> assertThat(it).contains("two decimals"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linkerd", "osm", "kuma", "traefik"})
    void conditionsThatAMeshDoesNotHaveAreToldWithThoseThatHave(String provider) {
        assertThat(
                        problems(
                                "{provider: %s, analysis: {stepWeight: null, iterations: 3, match: [{headers: {a: {exact: b}}}]}}"
                                        .formatted(provider)))
                .hasEntrySatisfying(
                        "spec.analysis.match",
                        it -> assertThat(it).contains("leave the conditions out, or use istio"));
    }

    @ParameterizedTest
    @CsvSource({
        "gatewayapi, gatewayapi:v1",
        "gateway-api, gatewayapi:v1",
        "ambassador, emissary",
        "aws, alb",
        "none, kubernetes",
        "ingress-nginx, ''",
        "nginx-ingress, nginx",
        "istoi, istio",
        "spinnaker, ''"
    })
    void aProviderThatNobodyKnowsIsToldWithTheOneThatSeemsToBeMeant(String written, String meant) {
        assertThat(problems("provider: '" + written + "'").get("spec.provider"))
                .startsWith("must be one of ")
                .endsWith(meant.isEmpty() ? "traefik" : "; perhaps " + meant + " is meant");
    }

    @Test
    void workThatIsToFollowARollbackIsToldThatItWouldBeOne() {
        var hook = "analysis: {webhooks: [{name: a, url: 'http://a', type: %s, metadata: {%s}}]}";

        assertThat(hints(hook.formatted("rollback", "cmd: migrate down")))
                .singleElement()
                .asString()
                .startsWith("spec.analysis.webhooks[0]: ")
                .contains("post-rollout");
        assertThat(hints(hook.formatted("rollback", "app: web"))).isEmpty();
        assertThat(hints(hook.formatted("post-rollout", "cmd: migrate down"))).isEmpty();
    }

    @Test
    void referencesThatAMeshMakesNothingOfAreTold() {
        assertThat(
                        unused(
                                "{provider: nginx, ingressRef: {apiVersion: traefik.io/v1alpha1,"
                                    + " kind: IngressRoute, name: shop}, upstreamRef: {apiVersion:"
                                    + " gloo.solo.io/v1, kind: Upstream, name: a}}"))
                .containsExactly("spec.ingressRef.kind", "spec.upstreamRef");
        assertThat(unused("{provider: gloo, upstreamRef: {kind: Upstream, name: a}}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "podinfo, false",
        "root-of-podinfo, false",
        "podinfo.shop, false",
        "podinfo.shop.svc.cluster.local, false",
        "shop.example.com, true",
        "podinfo.other.svc.cluster.local, true",
        "'*', true"
    })
    void aHostThatIsNoServiceOfTheNamespaceIsTold(String host, boolean told) {
        var hints = hints("{provider: linkerd, service: {hosts: ['%s']}}".formatted(host));

        assertThat(hints).hasSize(told ? 1 : 0);
        assertThat(hints)
                .allSatisfy(
                        it ->
                                assertThat(it)
                                        .startsWith("spec.service.hosts[0]: " + host)
                                        .contains("calls to Service podinfo are"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateways: [mesh, public], portDiscovery: true | true",
                "gateways: [public, mesh], portDiscovery: true | false",
                "gateways: [mesh], portDiscovery: true | false",
                "gateways: [mesh, public] | false"
            })
    void aGatewayThatCannotTellWhichPortIsMeantIsTold(String service, boolean told) {
        assertThat(hints("service: {port: 9898, %s}".formatted(service)))
                .hasSize(told ? 1 : 0)
                .allSatisfy(it -> assertThat(it).startsWith("spec.service.gateways[0]: is mesh"));
    }

    @Test
    void aCookieWithoutAPathIsTold() {
        assertThat(hints("analysis: {sessionAffinity: {cookieName: a}}"))
                .singleElement()
                .asString()
                .startsWith("spec.analysis.sessionAffinity.path: is not set");
        assertThat(hints("analysis: {sessionAffinity: {cookieName: a, path: /shop}}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{mirrorWeight: 10}                                        |"
                        + " spec.analysis.mirrorWeight: copies nothing without",
                "{mirror: true, match: [{headers: {a: {exact: b}}}]}       | spec.analysis.mirror:"
                        + " copies nothing in A/B testing",
                "{mirror: true, stepMirrorWeight: 10}                      |"
                    + " spec.analysis.iterations: is 3, so that the share of copies ends at 30 and"
                    + " not at 100 percent, which takes 10 checks",
                "{mirror: true, stepMirrorWeight: 30, maxMirrorWeight: 90} | ''",
                "{mirror: true, mirrorWeight: 10}                          | ''",
                "{mirror: true}                                            | ''"
            })
    void copiesThatAreNotMadeAreTold(String analysis, String told) {
        var iterated = "{stepWeight: null, iterations: 3, " + analysis.substring(1);

        assertThat(hints("analysis: " + iterated))
                .hasSize(told.isEmpty() ? 0 : 1)
                .allSatisfy(it -> assertThat(it).startsWith(told));
    }

    @Test
    void copiesOfTcpAreToldAndThoseOfAProviderWithoutAnyAreUnused() {
        var changes = "{%s, analysis: {stepWeight: null, iterations: 3, mirror: true, match: %s}}";

        assertThat(hints(changes.formatted("service: {appProtocol: tcp}", "[]")))
                .singleElement()
                .asString()
                .startsWith("spec.analysis.mirror: copies nothing, since TCP cannot be");
        assertThat(hints(changes.formatted("provider: kubernetes", "[]"))).isEmpty();
        assertThat(unused(changes.formatted("provider: kubernetes", "[]")))
                .containsExactly("spec.analysis.mirror");
    }

    /** Flagger writes none of it. */
    @Test
    void whatARouteOfGatewayApiCannotHoldIsLeftOutAndTold() {
        var changes = "{provider: 'gatewayapi:%s', service: {gatewayRefs: [{name: public}], %s}}";

        assertThat(hints(changes.formatted("v1beta1", "timeout: 1.5s, backendTimeout: 10us")))
                .satisfiesExactly(
                        it -> assertThat(it).startsWith("spec.service.timeout: is left out"),
                        it -> assertThat(it).startsWith("spec.service.backendTimeout: is left"));
        assertThat(hints(changes.formatted("v1beta1", "timeout: 1m, backendTimeout: 61s")))
                .singleElement()
                .asString()
                .startsWith("spec.service.backendTimeout: is left out");
        for (String version : List.of("v1", "v1beta1")) {
            assertThat(
                            hints(
                                    changes.formatted(
                                            version,
                                            "corsPolicy: {allowOrigins: [{exact:"
                                                    + " 'https://a.example'}, {regex: '.*'}]}")))
                    .singleElement()
                    .asString()
                    .startsWith("spec.service.corsPolicy.allowOrigins[1]: is left out");
        }
    }

    @Test
    void anApplicationOfTcpIsServedByRequestsWhereFlaggerDoesAndTold() {
        var changes = "{provider: %s, service: {appProtocol: tcp}}";

        assertThat(hints(changes.formatted("'appmesh:v1beta2'")))
                .singleElement()
                .asString()
                .startsWith("spec.service.appProtocol: is tcp");
        assertThat(hints(changes.formatted("istio"))).isEmpty();
        assertThat(hints(changes.formatted("kubernetes"))).isEmpty();
    }

    /** By a route without them everybody is led, so that nobody is to count on them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    istio                    | true
                    traefik                  | false
                    istio, service: {appProtocol: tcp} | false
                    kubernetes               | true
                    """)
    void aRunIsForWhoMatchesWhereTheRouteTellsThem(String provider, boolean matched) {
        var admission =
                admission(
                        "{analysis: {match: [{headers: {a: {exact: b}}}]}, provider: %s}"
                                .formatted(provider));

        assertThat(((Admission.Admitted) admission).spec().getMatched()).isEqualTo(matched);
    }

    @Test
    void aCookieForThePrimaryBesideConditionsIsTold() {
        var affinity =
                "analysis: {stepWeight: null, iterations: 3, match: %s, sessionAffinity:"
                        + " {cookieName: a, primaryCookieName: b, path: /}}";

        assertThat(hints(affinity.formatted("[{headers: {a: {exact: b}}}]")))
                .singleElement()
                .asString()
                .startsWith("spec.analysis.sessionAffinity.primaryCookieName: is set for nobody");
        assertThat(hints(affinity.formatted("[]"))).isEmpty();
    }

    @Test
    void metadataThatEachEventReplacesAreTold() {
        var hook =
                "analysis: {webhooks: [{name: a, url: 'http://a', type: %s, metadata:"
                        + " {eventType: done, timestamp: now, team: shop}}]}";

        assertThat(hints(hook.formatted("event")))
                .satisfiesExactly(
                        it ->
                                assertThat(it)
                                        .startsWith(
                                                "spec.analysis.webhooks[0].metadata.eventType: "),
                        it ->
                                assertThat(it)
                                        .startsWith(
                                                "spec.analysis.webhooks[0].metadata.timestamp: "));
        assertThat(hints(hook.formatted("post-rollout"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"38,0", "39,1", "49,1"})
    void aQueryThatALongNameMisleadsIsTold(int length, int hints) {
        var told =
                hints(
                        "{targetRef: {name: %s}, analysis: {metrics: [{name: a, interval: 1m, query: 'e{pod=~\"{{ target }}-[0-9a-z]+-[0-9a-z]+\"}', thresholdRange: {max: 1}}]}}"
                                .formatted("p".repeat(length)));

        assertThat(told).hasSize(hints);
        assertThat(told)
                .allMatch(hint -> hint.startsWith("spec.analysis.metrics[0].query: has pod=~"));
    }

    @Test
    void whatLiesOutsideOfTheOnlyNamespaceOfAnInstallationIsTold() {
        var defaults = Installation.named("lab");
        var ofOne =
                new Installation(
                        "lab",
                        "shop",
                        "istio",
                        defaults.metricsServer(),
                        defaults.minInterval(),
                        defaults.selectorLabels(),
                        true,
                        List.of(),
                        false);
        var canary =
                CanaryReader.read(
                                Manifests.canary(
                                        "analysis: {metrics: [{name: a, interval: 1m, templateRef:"
                                            + " {name: t, namespace: monitoring}}, {name: b,"
                                            + " interval: 1m, templateRef: {name: t, namespace:"
                                            + " shop}}, {name: c, interval: 1m, templateRef: {name:"
                                            + " t}}], alerts: [{name: a, providerRef: {name: p,"
                                            + " namespace: flagger-system}}]}"))
                        .resource();

        assertThat(((Admission.Admitted) Admissions.admit(canary, ofOne)).hints())
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith(
                                                "spec.analysis.metrics[0].templateRef.namespace: is"
                                                        + " monitoring, and this installation is"
                                                        + " for namespace shop"),
                        second ->
                                assertThat(second)
                                        .startsWith(
                                                "spec.analysis.alerts[0].providerRef.namespace: is"
                                                        + " flagger-system"));
        assertThat(((Admission.Admitted) Admissions.admit(canary, ISTIO)).hints()).isEmpty();
    }
}
