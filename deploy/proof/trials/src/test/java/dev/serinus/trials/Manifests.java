package dev.serinus.trials;

/** The manifests of one small application and its Canary. */
final class Manifests {

    private Manifests() {}

    /** A namespace, and the Gateway in it that its Canaries name. */
    static String namespace(String name) {
        return """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %1$s}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: gateway, namespace: %1$s}
        spec: {gatewayClassName: some, listeners: [{name: http, protocol: HTTP, port: 80}]}
        """
                .formatted(name);
    }

    static String deployment(String namespace, String name, int replicas) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %2$s, namespace: %1$s, labels: {app: %2$s}}
        spec:
          replicas: %3$d
          selector: {matchLabels: {app: %2$s}}
          template:
            metadata: {labels: {app: %2$s}}
            spec:
              containers:
              - {name: podinfo, image: "podinfo:1.0.0", ports: [{name: http, containerPort: 9898}]}
        """
                .formatted(namespace, name, replicas);
    }

    /** Steps of 25 to 75, two seconds at each; {@code more} goes into analysis as it is. */
    static String canary(String namespace, String name, String more) {
        return """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: {name: %2$s, namespace: %1$s}
        spec:
          provider: gatewayapi:v1
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %2$s}
          service:
            port: 9898
            targetPort: http
            gatewayRefs: [{name: gateway, namespace: %1$s}]
          analysis:
            interval: 2s
            threshold: 2
            stepWeight: 25
            maxWeight: 75
            metrics:
            - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
        %3$s
        """
                .formatted(namespace, name, more.indent(4).stripTrailing());
    }
}
