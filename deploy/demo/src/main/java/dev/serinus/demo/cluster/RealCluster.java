package dev.serinus.demo.cluster;

import dev.serinus.demo.measure.Samples;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.User;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A real control plane of its own, which ends with this process. Its kubelets are pretended and
 * their pods serve nothing, so each pod gets a server in this process.
 */
public final class RealCluster implements DemoCluster {

    private final ControlPlane plane;
    private final KubernetesClient user;
    private final KubernetesClient serinus;
    private final PodServers sandboxes;

    /** Starts in an empty directory, and returns when all of it works. */
    public RealCluster(
            Binaries binaries,
            Path directory,
            Pods pods,
            Samples samples,
            SplittableRandom chance) {
        plane = ControlPlane.untilThisJvmEnds(binaries, directory, Definitions.PUBLISHED);
        user = plane.client(User.ADMIN);
        serinus = plane.client(User.SERINUS);
        sandboxes = new PodServers(user, new LoopbackHosting(), pods, samples, chance);
    }

    @Override
    public KubernetesClient user() {
        return user;
    }

    @Override
    public KubernetesClient serinus() {
        return serinus;
    }

    @Override
    public List<String> introduction(boolean tested) {
        return List.of(
                "Around it is a real Kubernetes control plane: etcd, kube-apiserver,",
                "kube-controller-manager, kube-scheduler; Serinus has the rights of its own",
                "account and no more. In this process run a Kafka broker, Serinus' five services,",
                "a server for each pod, a gateway, users, a Prometheus. All of it is on loopback.");
    }

    @Override
    public String look() {
        return "kubectl --kubeconfig "
                + plane.kubeconfig(User.ADMIN)
                + " get canaries,httproutes,deployments,pods -A";
    }

    @Override
    public void close() {
        sandboxes.close();
        serinus.close();
        user.close();
        plane.down();
    }
}
