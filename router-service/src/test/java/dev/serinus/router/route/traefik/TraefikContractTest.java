package dev.serinus.router.route.traefik;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class TraefikContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new TraefikRouter();
    }

    @Override
    protected String unfit() {
        return """
        apiVersion: traefik.io/v1alpha1
        kind: TraefikService
        metadata: {name: podinfo, namespace: test}
        spec: {mirroring: {name: podinfo, port: 80}}
        """;
    }

    @Override
    protected String found() {
        return """
        apiVersion: traefik.io/v1alpha1
        kind: TraefikService
        metadata:
          name: podinfo
          namespace: test
          labels: {team: shop}
          annotations: {note: ours}
        spec:
          weighted:
            sticky: {cookie: {name: side, secure: true}}
            services:
            - {name: podinfo, port: 80, weight: 3, scheme: h2c}
            - {name: old-shop, port: 80}
        """;
    }
}
