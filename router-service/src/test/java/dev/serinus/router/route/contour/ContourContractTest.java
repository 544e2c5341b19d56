package dev.serinus.router.route.contour;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class ContourContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new ContourRouter("public");
    }

    @Override
    protected String unfit() {
        return """
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata: {name: podinfo, namespace: test}
        spec: {tcpproxy: {services: [{name: podinfo, port: 80}]}}
        """;
    }

    @Override
    protected String found() {
        return """
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata:
          name: podinfo
          namespace: test
          labels: {team: shop}
          annotations: {note: ours}
        spec:
          virtualhost: {fqdn: shop.example.com}
          includes: [{name: blog, conditions: [{prefix: /blog}]}]
          routes:
          - conditions: [{prefix: /admin}]
            services: [{name: admin, port: 80}]
          - conditions: [{prefix: /}]
            enableWebsockets: true
            services: [{name: podinfo, port: 80, protocol: h2c}]
        """;
    }
}
