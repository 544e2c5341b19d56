package dev.serinus.router.route.none;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class ReplicasRouterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new ReplicasRouter();
    }

    /** The apex, as it is made on every mesh. */
    @Override
    protected String read() {
        return """
        apiVersion: v1
        kind: Service
        metadata:
          name: podinfo
          namespace: test
          labels: {app.kubernetes.io/managed-by: flagger}
          ownerReferences:
          - {apiVersion: flagger.app/v1beta1, kind: Canary, name: podinfo, uid: uid-of-podinfo-test, controller: true, blockOwnerDeletion: true}
        spec: {selector: {app: podinfo-primary}, ports: [{name: http, port: 80}]}
        """;
    }
}
