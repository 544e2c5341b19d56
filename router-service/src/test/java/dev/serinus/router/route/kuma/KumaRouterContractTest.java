package dev.serinus.router.route.kuma;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class KumaRouterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new KumaRouter();
    }

    @Override
    protected String found() {
        return """
        apiVersion: kuma.io/v1alpha1
        kind: TrafficRoute
        mesh: blue
        metadata: {name: podinfo, labels: {team: shop}, annotations: {note: ours}}
        spec:
          sources: [{match: {kuma.io/service: web_test_svc_80}}]
          destinations: [{match: {kuma.io/service: podinfo_test_svc_80}}]
          conf:
            loadBalancer: {leastRequest: {choiceCount: 8}}
            destination: {kuma.io/service: podinfo_test_svc_80}
        """;
    }
}
