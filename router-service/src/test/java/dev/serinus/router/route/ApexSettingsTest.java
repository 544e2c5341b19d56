package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.serinus.router.route.apisix.ApisixRouter;
import dev.serinus.router.route.contour.ContourRouter;
import dev.serinus.router.route.gatewayapi.GatewayApiRouter;
import dev.serinus.router.route.istio.IstioRouter;
import dev.serinus.router.route.kuma.KumaRouter;
import dev.serinus.schemas.mesh.GatewayApi;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/** What somebody has set for the apex Service is not lost without a word. */
class ApexSettingsTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: podinfo, namespace: test, annotations: {%s}}
            """;

    private static final String H2C = "projectcontour.io/upstream-protocol.h2c: '80'";
    private static final String HTTP2 = "80.service.kuma.io/protocol: http2";

    private static final String UPSTREAM =
            """
            apiVersion: apisix.apache.org/v2
            kind: ApisixUpstream
            metadata: {name: podinfo%s, namespace: test}
            spec: {scheme: grpc}
            """;

    private static final String RULE =
            """
            apiVersion: networking.istio.io/v1beta1
            kind: DestinationRule
            metadata: {name: tls, namespace: test}
            spec: {host: %s, trafficPolicy: {tls: {mode: SIMPLE}}}
            """;

    private static final String TLS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: BackendTLSPolicy
            metadata: {name: tls, namespace: test}
            spec: {targetRefs: [{group: "", kind: Service, name: podinfo}%s]}
            """;

    private static RouterAtWork at(Router router, String service) {
        return new RouterAtWork(
                router,
                "{port: 80, gatewayRefs: [{name: public}]%s}".formatted(service),
                "[]",
                "{routeRef: {kind: ApisixRoute, name: shop}}");
    }

    static Stream<Arguments> lost() {
        return Stream.of(
                argumentSet(
                        "Contour's protocol",
                        at(new ContourRouter(null), "").put(SERVICE.formatted(H2C)),
                        "annotations projectcontour.io/upstream-protocol.h2c of Service"
                                + " podinfo.test do not hold for podinfo-primary and"
                                + " podinfo-canary"),
                argumentSet(
                        "Contour's protocol, on one side only",
                        at(new ContourRouter(null), ", primary: {annotations: {%s}}".formatted(H2C))
                                .put(SERVICE.formatted(H2C)),
                        "annotations projectcontour.io/upstream-protocol.h2c"),
                argumentSet(
                        "Kuma's protocol, in the manifest",
                        at(new KumaRouter(), ", apex: {annotations: {%s}}".formatted(HTTP2)),
                        "annotations 80.service.kuma.io/protocol of Service podinfo.test"),
                argumentSet(
                        "APISIX's scheme",
                        at(new ApisixRouter(), "").put(UPSTREAM.formatted("")),
                        "ApisixUpstream podinfo.test is about Service podinfo.test"),
                argumentSet(
                        "Istio's policy",
                        at(new IstioRouter(), "").put(RULE.formatted("podinfo")),
                        "DestinationRule tls.test is about Service podinfo.test"),
                argumentSet(
                        "Istio's policy, by the whole name",
                        at(new IstioRouter(), "")
                                .put(RULE.formatted("podinfo.test.svc.cluster.local")),
                        "DestinationRule tls.test"),
                argumentSet(
                        "TLS of Gateway API",
                        at(new GatewayApiRouter(GatewayApi.V1), "").put(TLS.formatted("")),
                        "BackendTLSPolicy tls.test is about Service podinfo.test"));
    }

    @ParameterizedTest
    @MethodSource("lost")
    void whatDoesNotHoldForTheSidesIsTold(RouterAtWork shop, String sentence) {
        assertThat(shop.lost()).singleElement().asString().startsWith(sentence);
    }

    static Stream<Arguments> kept() {
        return Stream.of(
                argumentSet("nothing", at(new ContourRouter(null), "")),
                argumentSet(
                        "what the mesh does not read",
                        at(new ContourRouter(null), "").put(SERVICE.formatted("team: shop"))),
                argumentSet(
                        "what both sides have",
                        at(
                                        new ContourRouter(null),
                                        ", primary: {annotations: {%s}}, canary: {annotations: {%s}}"
                                                .formatted(H2C, H2C))
                                .put(SERVICE.formatted(H2C))),
                argumentSet(
                        "an upstream for each",
                        at(new ApisixRouter(), "")
                                .put(UPSTREAM.formatted(""))
                                .put(UPSTREAM.formatted("-primary"))
                                .put(UPSTREAM.formatted("-canary"))),
                argumentSet(
                        "a policy in the Canary",
                        at(new IstioRouter(), ", trafficPolicy: {tls: {mode: SIMPLE}}")
                                .put(RULE.formatted("podinfo"))),
                argumentSet(
                        "a policy of another host",
                        at(new IstioRouter(), "").put(RULE.formatted("podinfo.elsewhere"))),
                argumentSet(
                        "TLS for each",
                        at(new GatewayApiRouter(GatewayApi.V1), "")
                                .put(
                                        TLS.formatted(
                                                ", {kind: Service, name: podinfo-primary}, {kind:"
                                                        + " Service, name: podinfo-canary}"))));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void whatHoldsIsNot(RouterAtWork shop) {
        assertThat(shop.lost()).isEqualTo(List.of());
    }
}
