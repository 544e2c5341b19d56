package dev.serinus.router.route.gatewayapi;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

class GatewayApiV1ContractTest extends RouterContract {

    Mesh version() {
        return GatewayApi.V1;
    }

    @Override
    protected Router router() {
        return new GatewayApiRouter(version());
    }

    @Override
    protected String spec() {
        return "service: {port: 80, gatewayRefs: [{name: public, namespace: gateways}]}";
    }

    @Override
    protected String found() {
        return """
        apiVersion: %s
        kind: HTTPRoute
        metadata:
          name: podinfo
          namespace: test
          labels: {team: shop}
          annotations: {note: ours}
        spec:
          parentRefs: [{name: public, namespace: gateways}]
          hostnames: [old.example.com]
          rules:
          - matches: [{path: {type: PathPrefix, value: /admin}}]
            backendRefs: [{name: admin, port: 80}]
          - backendRefs: [{name: podinfo, port: 80}]
        """
                .formatted(version().writes().getFirst().apiVersion());
    }
}
