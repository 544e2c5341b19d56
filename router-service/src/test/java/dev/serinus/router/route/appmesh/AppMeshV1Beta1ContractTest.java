package dev.serinus.router.route.appmesh;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class AppMeshV1Beta1ContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new AppMeshV1Beta1Router();
    }

    @Override
    protected String spec() {
        return "service: {port: 80, meshName: global, hosts: [shop.example.com]}";
    }

    @Override
    protected String found() {
        return """
        apiVersion: appmesh.k8s.aws/v1beta1
        kind: VirtualService
        metadata: {name: podinfo.test, namespace: test, labels: {team: shop}, annotations: {note: ours}}
        spec:
          meshName: old
          virtualRouter: {name: podinfo-router}
          routes:
          - name: admin
            priority: 5
            http:
              match: {prefix: /admin}
              action: {weightedTargets: [{virtualNodeName: admin, weight: 1}]}
          - name: podinfo-route
            http:
              match: {prefix: /}
              action: {weightedTargets: [{virtualNodeName: podinfo, weight: 1}]}
        ---
        apiVersion: appmesh.k8s.aws/v1beta1
        kind: VirtualNode
        metadata: {name: podinfo, namespace: test, labels: {team: shop}}
        spec:
          meshName: old
          listeners: [{portMapping: {port: 80, protocol: http}, healthCheck: {path: /healthz}}]
          serviceDiscovery: {dns: {hostName: podinfo.test}}
        """;
    }
}
