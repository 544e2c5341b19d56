package dev.serinus.router.route.alb;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class AlbContractTest extends RouterContract {

    private static final String INGRESS =
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
              namespace: test
              labels: {team: shop}
              annotations:
                alb.ingress.kubernetes.io/target-type: ip
                alb.ingress.kubernetes.io/actions.moved: '{"type": "redirect", "redirectConfig": {"statusCode": "HTTP_301"}}'
            spec:
              ingressClassName: alb
              tls: [{hosts: [shop.example.com]}]
              defaultBackend: {service: {name: podinfo, port: {number: 80}}}
              rules:
              - host: bare.example.com
              - host: shop.example.com
                http:
                  paths:
                  - {path: /old, pathType: Prefix, backend: {service: {name: moved, port: {name: use-annotation}}}}
                  - {path: /blog, pathType: Prefix, backend: {service: {name: blog, port: {number: 80}}}}
                  - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 80}}}}
            """;

    @Override
    protected Router router() {
        return new AlbRouter();
    }

    @Override
    protected String spec() {
        return "service: {port: 80}\n  ingressRef: {kind: Ingress, name: shop}";
    }

    /** It is there before anything is routed. */
    @Override
    protected String read() {
        return INGRESS;
    }

    @Override
    protected String found() {
        return INGRESS;
    }
}
