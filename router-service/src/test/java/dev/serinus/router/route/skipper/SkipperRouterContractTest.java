package dev.serinus.router.route.skipper;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class SkipperRouterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new SkipperRouter();
    }

    @Override
    protected String spec() {
        return "service: {port: 80}\n  ingressRef: {kind: Ingress, name: shop}";
    }

    @Override
    protected String read() {
        return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          namespace: test
          labels: {team: shop}
          annotations: {zalando.org/skipper-predicate: "Host(/shop/)"}
        spec:
          ingressClassName: skipper
          defaultBackend: {service: {name: other, port: {number: 80}}}
          rules:
          - host: bare.example.com
          - host: shop.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {name: http}}}}
              - {path: /other, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
              - {path: /static, pathType: Prefix, backend: {resource: {kind: Bucket, name: static}}}
        """;
    }

    @Override
    protected String found() {
        return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop-canary
          namespace: test
          labels: {by: hand}
          annotations: {note: ours}
        spec:
          rules:
          - host: old.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: old, port: {number: 80}}}}
        """;
    }
}
