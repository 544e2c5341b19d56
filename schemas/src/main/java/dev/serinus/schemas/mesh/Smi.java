package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

import java.util.regex.Pattern;

/** Service Mesh Interface: Flagger's pkg/router/smi.go and its siblings. */
public final class Smi {

    private static final String TRAFFIC_SPLIT = "TrafficSplit";

    public static final Mesh V1ALPHA1 = of("v1alpha1");
    public static final Mesh V1ALPHA2 = of("v1alpha2");
    public static final Mesh V1ALPHA3 = of("v1alpha3");

    /** What calls of a Service of the namespace may go to, of the names that DNS has for it. */
    private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    private Smi() {}

    /** True for a mesh that is steered by TrafficSplits. */
    public static boolean splits(Mesh mesh) {
        return mesh.writes().stream().anyMatch(it -> it.name().equals(TRAFFIC_SPLIT));
    }

    /**
     * True for a host whose calls a TrafficSplit of the namespace can split: the name of a Service
     * there. Any other one is no Service, so that no call would ever be split.
     */
    public static boolean isRoot(String host, String namespace) {
        int end = host.indexOf('.');
        String service = end < 0 ? host : host.substring(0, end);
        String rest = end < 0 ? "" : host.substring(end + 1);
        return LABEL.matcher(service).matches()
                && (rest.isEmpty()
                        || rest.equals(namespace)
                        || rest.equals(namespace + ".svc")
                        || rest.startsWith(namespace + ".svc."));
    }

    private static Mesh of(String version) {
        return Mesh.named("SMI " + version, ProviderName.beginning("smi:" + version))
                .writes(trafficSplit(version))
                .can(Ability.WEIGHTS, Ability.FINE_WEIGHTS)
                .readsOfService("hosts")
                .measuredBy(Istio.QUERIES)
                .served();
    }

    static Kind trafficSplit(String version) {
        return new Kind("split.smi-spec.io", version, TRAFFIC_SPLIT, "trafficsplits");
    }
}
