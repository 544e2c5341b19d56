package dev.serinus.demo;

import dev.serinus.cli.Refused;
import dev.serinus.demo.cluster.DemoCluster;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.cluster.PretendCluster;
import dev.serinus.demo.cluster.RealCluster;
import dev.serinus.demo.measure.Samples;
import dev.serinus.demo.traffic.Entrance;
import dev.serinus.demo.traffic.Gateway;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.binaries.Build;
import dev.serinus.testbed.binaries.Unbuildable;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Behind the demo's own gateway.
 *
 * @param testbed true: on a real control plane instead of the embedded API server
 */
record OwnSetting(boolean testbed) implements Setting {

    @Override
    public DemoCluster found(
            Path data, Pods pods, Samples samples, SplittableRandom chance, Consumer<String> say) {
        if (!testbed) {
            return new PretendCluster(pods, samples, chance);
        }
        try {
            var binaries = Build.run(line -> say.accept("  " + line));
            say.accept("  Starting a real Kubernetes control plane ...");
            return new RealCluster(binaries, data.resolve(Demo.TESTBED), pods, samples, chance);
        } catch (Unbuildable | Unavailable because) {
            throw new Refused(List.of(because.getMessage()));
        }
    }

    @Override
    public Entrance open(KubernetesClient user, String namespace, Pods pods) {
        return Gateway.start(user, namespace, pods);
    }
}
