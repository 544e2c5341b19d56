package dev.serinus.router.route.appmesh;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class AppMeshV1Beta2ContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new AppMeshV1Beta2Router();
    }

    @Override
    protected String spec() {
        return "service: {port: 80, hosts: [shop.example.com], backends: [catalog]}";
    }

    @Override
    protected String found() {
        return """
        apiVersion: appmesh.k8s.aws/v1beta2
        kind: VirtualRouter
        metadata: {name: podinfo, namespace: test, labels: {team: shop}, annotations: {note: ours}}
        spec:
          awsName: podinfo_test
          meshRef: {name: global, uid: "1"}
          listeners: [{portMapping: {port: 8080, protocol: http}}]
          routes:
          - name: admin
            priority: 5
            httpRoute:
              match: {prefix: /admin}
              action: {weightedTargets: [{virtualNodeRef: {name: admin}, weight: 1}]}
          - name: podinfo
            httpRoute:
              match: {prefix: /}
              action: {weightedTargets: [{virtualNodeRef: {name: podinfo}, weight: 1}]}
        ---
        apiVersion: appmesh.k8s.aws/v1beta2
        kind: VirtualService
        metadata: {name: podinfo, namespace: test, annotations: {note: ours}}
        spec:
          awsName: shop.example.com
          provider: {virtualNode: {virtualNodeRef: {name: podinfo}}}
        ---
        apiVersion: appmesh.k8s.aws/v1beta2
        kind: VirtualNode
        metadata: {name: podinfo-canary, namespace: test, labels: {team: shop}}
        spec:
          podSelector: {matchLabels: {app: other}}
          listeners: [{portMapping: {port: 80, protocol: http}, tls: {mode: STRICT}}]
          serviceDiscovery: {awsCloudMap: {namespaceName: a, serviceName: b}}
          backends: [{virtualService: {virtualServiceRef: {name: cart}}}]
        """;
    }
}
