package dev.serinus.router.route.apisix;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class ApisixRouterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new ApisixRouter();
    }

    @Override
    protected String spec() {
        return "service: {port: 80}\n  routeRef: {kind: ApisixRoute, name: shop}";
    }

    @Override
    protected String read() {
        return """
        apiVersion: apisix.apache.org/v2
        kind: ApisixRoute
        metadata: {name: shop, namespace: test, labels: {team: shop}, annotations: {theirs: "yes"}}
        spec:
          ingressClassName: apisix
          http:
          - name: web
            match: {hosts: [shop.example.com], paths: ["/*"]}
            backends: [{serviceName: podinfo, servicePort: 80}]
          - name: other
            match: {paths: [/other]}
            backends: [{serviceName: other, servicePort: 80}]
          stream:
          - {name: raw, protocol: TCP, match: {ingressPort: 9100}, backend: {serviceName: other, servicePort: 90}}
        """;
    }

    @Override
    protected String unfit() {
        return """
        apiVersion: apisix.apache.org/v2
        kind: ApisixRoute
        metadata: {name: shop-podinfo-canary, namespace: test, labels: {by: hand}, annotations: {note: mine}}
        spec:
          http:
          - name: old
            match: {paths: ["/*"]}
            backends: [{serviceName: old, servicePort: 80}]
        """;
    }
}
