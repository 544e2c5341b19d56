package dev.serinus.router.route.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.RouterContract;

import org.junit.jupiter.api.Test;

class IstioRouterContractTest extends RouterContract {

    /** As Flagger writes them. */
    @Test
    void retriesHaveANumber() {
        var at =
                new RouterAtWork(router(), "{port: 80, retries: {perTryTimeout: 1s}}", "[]")
                        .shift(10);

        assertThat(at.route().at("/spec/http/0/retries/attempts").isInt()).isTrue();
        assertThat(at.route().at("/spec/http/0/retries/attempts").asInt(1)).isZero();
    }

    @Override
    protected Router router() {
        return new IstioRouter();
    }

    @Override
    protected String spec() {
        return "service: {port: 80, gateways: [public], hosts: [shop.example.com]}";
    }

    @Override
    protected String found() {
        return """
        apiVersion: networking.istio.io/v1beta1
        kind: VirtualService
        metadata:
          name: podinfo
          namespace: test
          labels: {team: shop}
          annotations: {note: ours}
        spec:
          gateways: [public]
          hosts: [old.example.com]
          http:
          - match: [{uri: {prefix: /admin}}]
            route: [{destination: {host: admin}}]
          - route: [{destination: {host: podinfo}}]
        ---
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: podinfo-primary, namespace: test, labels: {team: shop}}
        spec: {host: podinfo-primary, trafficPolicy: {tls: {mode: DISABLE}}}
        """;
    }
}
