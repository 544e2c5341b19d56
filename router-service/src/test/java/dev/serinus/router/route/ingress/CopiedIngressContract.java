package dev.serinus.router.route.ingress;

import dev.serinus.router.route.RouterContract;

/** What every router does alike that steers by a copy of an Ingress. */
public abstract class CopiedIngressContract extends RouterContract {

    /** An annotation of the user's Ingress that means something to the controller, in YAML. */
    protected abstract String annotation();

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
          annotations: {%s}
        spec:
          ingressClassName: public
          defaultBackend: {service: {name: other, port: {number: 80}}}
          rules:
          - host: bare.example.com
          - host: shop.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {name: http}}}}
              - {path: /other, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
              - {path: /static, pathType: Prefix, backend: {resource: {kind: Bucket, name: static}}}
        """
                .formatted(annotation());
    }

    @Override
    protected String unfit() {
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
