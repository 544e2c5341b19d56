package dev.serinus.router.route.knative;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class KnativeContractTest extends RouterContract {

    private static final String SERVICE =
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: podinfo, namespace: test, generation: 1, labels: {team: shop}, annotations: {note: keep}}
            spec:
              template: {spec: {containers: [{image: "podinfo:1"}]}}
              traffic:
              - {latestRevision: true, percent: 100, tag: live}
            status: {observedGeneration: 1, latestCreatedRevisionName: podinfo-00001, latestReadyRevisionName: podinfo-00001}
            """;

    @Override
    protected Router router() {
        return new KnativeRouter();
    }

    @Override
    protected String spec() {
        return "provider: knative";
    }

    /** The Service, which is there before anything is routed. */
    @Override
    protected String read() {
        return SERVICE;
    }

    @Override
    protected String found() {
        return SERVICE;
    }
}
