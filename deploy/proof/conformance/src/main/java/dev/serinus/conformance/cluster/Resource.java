package dev.serinus.conformance.cluster;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kind of object that the API server knows.
 *
 * @param group empty for the core
 * @param versions served; objects are kept in the first and converted by name only
 * @param names kubectl understands besides the plural
 */
public record Resource(
        String group,
        List<String> versions,
        String kind,
        String plural,
        Set<String> names,
        Scope scope,
        Shape shape) {

    /** Whether it lives in a namespace. */
    public enum Scope {
        NAMESPACED,
        CLUSTER
    }

    /** What writes of it change. */
    public enum Shape {
        /** All of it, without counting generations. */
        PLAIN,
        /** All of it at once, generations counted. */
        WHOLE,
        /** The status only by its own address, generations counted. */
        WITH_STATUS
    }

    private static final List<Resource> ALL =
            List.of(
                    builtin("", "Namespace", "namespaces", Scope.CLUSTER, Shape.PLAIN),
                    builtin("", "ConfigMap", "configmaps", Scope.NAMESPACED, Shape.PLAIN),
                    builtin("", "Secret", "secrets", Scope.NAMESPACED, Shape.PLAIN),
                    builtin("", "Service", "services", Scope.NAMESPACED, Shape.PLAIN),
                    builtin("", "Event", "events", Scope.NAMESPACED, Shape.PLAIN),
                    builtin("", "ResourceQuota", "resourcequotas", Scope.NAMESPACED, Shape.PLAIN),
                    builtin(
                            "apps",
                            "Deployment",
                            "deployments",
                            Scope.NAMESPACED,
                            Shape.WITH_STATUS),
                    builtin("apps", "DaemonSet", "daemonsets", Scope.NAMESPACED, Shape.WITH_STATUS),
                    builtin(
                            "apps",
                            "ControllerRevision",
                            "controllerrevisions",
                            Scope.NAMESPACED,
                            Shape.PLAIN),
                    new Resource(
                            "autoscaling",
                            List.of("v2"),
                            "HorizontalPodAutoscaler",
                            "horizontalpodautoscalers",
                            Set.of("hpa", "horizontalpodautoscaler"),
                            Scope.NAMESPACED,
                            Shape.PLAIN),
                    builtin(
                            "networking.k8s.io",
                            "Ingress",
                            "ingresses",
                            Scope.NAMESPACED,
                            Shape.WITH_STATUS),
                    builtin(
                            "apiextensions.k8s.io",
                            "CustomResourceDefinition",
                            "customresourcedefinitions",
                            Scope.CLUSTER,
                            Shape.PLAIN),
                    flagger("Canary", "canaries"),
                    flagger("MetricTemplate", "metrictemplates"),
                    flagger("AlertProvider", "alertproviders"),
                    custom(
                            "networking.istio.io",
                            "VirtualService",
                            "virtualservices",
                            "v1beta1",
                            "v1"),
                    custom(
                            "networking.istio.io",
                            "DestinationRule",
                            "destinationrules",
                            "v1beta1",
                            "v1"),
                    custom("networking.istio.io", "Gateway", "gateways", "v1beta1", "v1"),
                    custom("gateway.networking.k8s.io", "HTTPRoute", "httproutes", "v1", "v1beta1"),
                    custom("gateway.networking.k8s.io", "Gateway", "gateways", "v1", "v1beta1"),
                    custom("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes", "v1"),
                    custom("projectcontour.io", "HTTPProxy", "httpproxies", "v1"),
                    whole("gateway.solo.io", "RouteTable", "routetables", "v1"),
                    whole("gateway.solo.io", "Gateway", "gateways", "v1"),
                    whole("gloo.solo.io", "Upstream", "upstreams", "v1"),
                    new Resource(
                            "kuma.io",
                            List.of("v1alpha1"),
                            "TrafficRoute",
                            "trafficroutes",
                            Set.of("trafficroute"),
                            Scope.CLUSTER,
                            Shape.WHOLE),
                    whole(
                            "split.smi-spec.io",
                            "TrafficSplit",
                            "trafficsplits",
                            "v1alpha1",
                            "v1alpha2",
                            "v1alpha3"),
                    whole("traefik.io", "TraefikService", "traefikservices", "v1alpha1"),
                    custom("apisix.apache.org", "ApisixRoute", "apisixroutes", "v2"),
                    custom("appmesh.k8s.aws", "VirtualNode", "virtualnodes", "v1beta1", "v1beta2"),
                    custom(
                            "appmesh.k8s.aws",
                            "VirtualService",
                            "virtualservices",
                            "v1beta1",
                            "v1beta2"),
                    custom("appmesh.k8s.aws", "VirtualRouter", "virtualrouters", "v1beta2"),
                    new Resource(
                            "appmesh.k8s.aws",
                            List.of("v1beta1", "v1beta2"),
                            "Mesh",
                            "meshes",
                            Set.of("mesh"),
                            Scope.CLUSTER,
                            Shape.WITH_STATUS),
                    whole("metrics.keptn.sh", "KeptnMetric", "keptnmetrics", "v1beta1"),
                    whole("metrics.keptn.sh", "Analysis", "analyses", "v1beta1"),
                    custom("keda.sh", "ScaledObject", "scaledobjects", "v1alpha1"),
                    whole("serving.knative.dev", "Service", "services", "v1"),
                    whole("serving.knative.dev", "Revision", "revisions", "v1"));

    private static Resource builtin(
            String group, String kind, String plural, Scope scope, Shape shape) {
        return new Resource(
                group, List.of("v1"), kind, plural, Set.of(singular(kind)), scope, shape);
    }

    private static Resource flagger(String kind, String plural) {
        return custom("flagger.app", kind, plural, "v1beta1");
    }

    private static Resource custom(String group, String kind, String plural, String... versions) {
        return new Resource(
                group,
                List.of(versions),
                kind,
                plural,
                Set.of(singular(kind)),
                Scope.NAMESPACED,
                Shape.WITH_STATUS);
    }

    private static Resource whole(String group, String kind, String plural, String... versions) {
        return new Resource(
                group,
                List.of(versions),
                kind,
                plural,
                Set.of(singular(kind)),
                Scope.NAMESPACED,
                Shape.WHOLE);
    }

    private static String singular(String kind) {
        return kind.toLowerCase(Locale.ROOT);
    }

    /** The resource served there. */
    public static Optional<Resource> at(String group, String version, String plural) {
        return all().filter(it -> it.group.equals(group) && it.versions.contains(version))
                .filter(it -> it.plural.equals(plural))
                .findFirst();
    }

    /** The resource of a manifest. */
    public static Optional<Resource> of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        return all().filter(it -> it.group.equals(group) && it.versions.contains(version))
                .filter(it -> it.kind.equals(kind))
                .findFirst();
    }

    /**
     * What kubectl takes this word for: {@code deployment}, {@code services.serving.knative.dev}.
     */
    public static Optional<Resource> called(String word) {
        int dot = word.indexOf('.');
        String name = dot < 0 ? word : word.substring(0, dot);
        return all().filter(it -> dot < 0 || it.group.equals(word.substring(dot + 1)))
                .filter(it -> it.plural.equals(name) || it.names.contains(name))
                .findFirst();
    }

    static Stream<Resource> all() {
        return ALL.stream();
    }

    boolean namespaced() {
        return scope == Scope.NAMESPACED;
    }

    /** True for what the API server brings itself: lists leave out its version and kind. */
    public boolean isBuiltin() {
        return group.isEmpty()
                || group.equals("apps")
                || group.equals("autoscaling")
                || group.equals("networking.k8s.io");
    }

    String apiVersion(String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As error messages call it. */
    String title() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
