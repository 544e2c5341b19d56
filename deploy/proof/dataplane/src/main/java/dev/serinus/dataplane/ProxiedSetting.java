package dev.serinus.dataplane;

import dev.serinus.dataplane.binaries.Programs;
import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.demo.Setting;
import dev.serinus.demo.cluster.DemoCluster;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Samples;
import dev.serinus.demo.traffic.Entrance;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** The demo behind a real proxy, on a real control plane, with a server at each pod's address. */
record ProxiedSetting(Plane plane, Binaries binaries, Programs programs) implements Setting {

    @Override
    public DemoCluster found(
            Path data, Pods pods, Samples samples, SplittableRandom chance, Consumer<String> say) {
        say.accept("  Starting a real Kubernetes control plane and %s ...".formatted(plane.id()));
        return new ProxiedCluster(this, data.resolve("testbed"), pods, samples, chance);
    }

    @Override
    public Entrance open(KubernetesClient user, String namespace, Pods pods) {
        return new ProxyEntrance(plane, user, namespace);
    }

    /** For the proxy's class and port, with pods that this process makes ready. */
    @Override
    public String manifest(String name, String yaml) {
        return switch (name) {
            case "gateway.yaml" -> gateway(yaml);
            case "deployment.yaml" ->
                    replaced(
                            yaml,
                            "  template:\n    metadata:\n",
                            "  template:\n    metadata:\n      annotations:\n        lab/ready:"
                                    + " never\n");
            // The proxy may not have sent anybody there yet.
            case "canary.yaml" ->
                    replaced(yaml, "    threshold: 2\n", "    threshold: 2\n    onNoData: hold\n");
            default -> yaml;
        };
    }

    private String gateway(String yaml) {
        var values = plane.gateway(ProxiedCluster.NAMESPACE);
        String gateway =
                replaced(
                        replaced(yaml, "gatewayClassName: demo", "gatewayClassName: " + plane.id()),
                        "port: 80",
                        "port: " + values.get("PORT"));
        return plane.besideGateway()
                .map(manifest -> gateway + "---\n" + Cluster.manifest(manifest, values))
                .orElse(gateway);
    }

    private static String replaced(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new IllegalStateException("the demo's manifests have no '%s'".formatted(what));
        }
        return text.replace(what, by);
    }
}
