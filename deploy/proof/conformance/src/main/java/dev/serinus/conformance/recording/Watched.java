package dev.serinus.conformance.recording;

import java.util.List;

/**
 * A resource that recordings follow.
 *
 * @param group its API group, empty for the core
 * @param version of the group
 * @param plural how its objects are called there
 */
public record Watched(String group, String version, String plural) {

    /** All of them, in the order of a snapshot. */
    public static final List<Watched> ALL =
            List.of(
                    new Watched("flagger.app", "v1beta1", "canaries"),
                    new Watched("apps", "v1", "deployments"),
                    new Watched("apps", "v1", "daemonsets"),
                    new Watched("", "v1", "services"),
                    new Watched("", "v1", "configmaps"),
                    new Watched("", "v1", "secrets"),
                    new Watched("autoscaling", "v2", "horizontalpodautoscalers"),
                    new Watched("networking.k8s.io", "v1", "ingresses"),
                    new Watched("", "v1", "events"),
                    new Watched("networking.istio.io", "v1beta1", "virtualservices"),
                    new Watched("networking.istio.io", "v1beta1", "destinationrules"),
                    new Watched("gateway.networking.k8s.io", "v1", "httproutes"),
                    new Watched("projectcontour.io", "v1", "httpproxies"),
                    new Watched("gateway.solo.io", "v1", "routetables"),
                    new Watched("gloo.solo.io", "v1", "upstreams"),
                    new Watched("kuma.io", "v1alpha1", "trafficroutes"),
                    new Watched("split.smi-spec.io", "v1alpha1", "trafficsplits"),
                    new Watched("traefik.io", "v1alpha1", "traefikservices"),
                    new Watched("apisix.apache.org", "v2", "apisixroutes"),
                    new Watched("appmesh.k8s.aws", "v1beta2", "virtualnodes"),
                    new Watched("appmesh.k8s.aws", "v1beta2", "virtualservices"),
                    new Watched("appmesh.k8s.aws", "v1beta2", "virtualrouters"),
                    new Watched("keda.sh", "v1alpha1", "scaledobjects"),
                    new Watched("serving.knative.dev", "v1", "services"));

    /** Who serves: no recording of Flagger's holds them, and no snapshot. */
    public static final Watched PODS = new Watched("", "v1", "pods");

    /** Where the API server serves it. */
    public String path() {
        return (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version;
    }

    /** How recordings call it: by its plural, but Knative's Services, which are not Kubernetes'. */
    public String kind() {
        return group.equals("serving.knative.dev") ? "knative-services" : plural;
    }
}
