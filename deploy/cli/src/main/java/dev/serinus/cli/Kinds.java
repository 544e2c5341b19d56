package dev.serinus.cli;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import java.util.List;

/**
 * The kinds of objects that the commands read and write. They are all spelled out, since a client
 * that looks a kind up in the cluster fails where the cluster does not know it.
 */
final class Kinds {

    static final ResourceDefinitionContext CANARY =
            kind("flagger.app", "v1beta1", "Canary", "canaries");
    static final ResourceDefinitionContext DEPLOYMENT =
            kind("apps", "v1", "Deployment", "deployments");
    static final ResourceDefinitionContext DAEMON_SET =
            kind("apps", "v1", "DaemonSet", "daemonsets");
    static final ResourceDefinitionContext CONFIG_MAP = kind("", "v1", "ConfigMap", "configmaps");
    static final ResourceDefinitionContext SECRET = kind("", "v1", "Secret", "secrets");
    static final ResourceDefinitionContext CONTROLLER_REVISION =
            kind("apps", "v1", "ControllerRevision", "controllerrevisions");

    /** What may carry an annotation of Serinus, but for Canaries. */
    static final List<ResourceDefinitionContext> MARKED =
            List.of(
                    DEPLOYMENT,
                    DAEMON_SET,
                    kind("", "v1", "Service", "services"),
                    CONFIG_MAP,
                    SECRET,
                    kind(
                            "autoscaling",
                            "v2",
                            "HorizontalPodAutoscaler",
                            "horizontalpodautoscalers"),
                    kind("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects"),
                    kind("networking.k8s.io", "v1", "Ingress", "ingresses"),
                    kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices"),
                    kind("networking.istio.io", "v1beta1", "DestinationRule", "destinationrules"),
                    kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
                    kind("gateway.networking.k8s.io", "v1beta1", "HTTPRoute", "httproutes"),
                    kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies"),
                    kind("gateway.solo.io", "v1", "RouteTable", "routetables"),
                    kind("gloo.solo.io", "v1", "Upstream", "upstreams"),
                    kind("split.smi-spec.io", "v1alpha1", "TrafficSplit", "trafficsplits"),
                    kind("traefik.io", "v1alpha1", "TraefikService", "traefikservices"),
                    kind("apisix.apache.org", "v2", "ApisixRoute", "apisixroutes"),
                    kind("appmesh.k8s.aws", "v1beta2", "VirtualNode", "virtualnodes"),
                    kind("appmesh.k8s.aws", "v1beta2", "VirtualService", "virtualservices"),
                    kind("appmesh.k8s.aws", "v1beta2", "VirtualRouter", "virtualrouters"),
                    kind("serving.knative.dev", "v1", "Service", "services"));

    private Kinds() {}

    private static ResourceDefinitionContext kind(
            String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }
}
