package dev.serinus.dataplane;

import dev.serinus.dataplane.cluster.AddressHosting;
import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.proxy.Api;
import dev.serinus.dataplane.proxy.ProxyView;
import dev.serinus.demo.cluster.DemoCluster;
import dev.serinus.demo.cluster.PodServers;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Samples;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.User;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** The demo's cluster with a real proxy, which ends with this process. */
final class ProxiedCluster implements DemoCluster {

    static final String NAMESPACE = "demo";

    private final String proxy;
    private final ControlPlane bed;
    private final KubernetesClient user;
    private final KubernetesClient serinus;
    private final ProxyView view;
    private final PodServers servers;
    private final AutoCloseable running;

    /** Starts in an empty directory, and returns when the control plane works. */
    ProxiedCluster(
            ProxiedSetting setting,
            Path directory,
            Pods pods,
            Samples samples,
            SplittableRandom chance) {
        var plane = setting.plane();
        proxy = plane.id();
        bed = ControlPlane.untilThisJvmEnds(setting.binaries(), directory, Definitions.PUBLISHED);
        user = bed.client(User.ADMIN);
        serinus = bed.client(User.SERINUS);
        view = plane.view();
        servers =
                new PodServers(
                        user, new AddressHosting(user, view::sendsTo), pods, samples, chance);
        var cluster = new Cluster(user);
        cluster.define(plane.definitions(setting.programs()));
        cluster.apply("class.yaml", plane.gateway(NAMESPACE));
        running =
                plane.start(Api.GATEWAYAPI, NAMESPACE, setting.programs(), bed, folder(directory));
    }

    private static Path folder(Path directory) {
        try {
            return Files.createDirectories(directory.resolve("proxy"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
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
                "Around it are a real Kubernetes control plane and the real %s, told by Gateway API;"
                        .formatted(proxy),
                "Serinus has the rights of its own account and no more. In this process run a"
                        + " Kafka",
                "broker, Serinus' five services, a server at each pod's address, users, a"
                        + " Prometheus.",
                "All of it is in a network of its own: nsenter -t %d -U -n --preserve-credentials"
                        .formatted(ProcessHandle.current().pid()));
    }

    @Override
    public String look() {
        return "kubectl --kubeconfig "
                + bed.kubeconfig(User.ADMIN)
                + " get canaries,httproutes,deployments,pods -A";
    }

    @Override
    public void close() {
        try {
            running.close();
        } catch (Exception trouble) {
            throw new IllegalStateException("the proxy does not end", trouble);
        }
        servers.close();
        view.close();
        serinus.close();
        user.close();
        bed.down();
    }
}
