package dev.serinus.demo.cluster;

import dev.serinus.demo.measure.Samples;
import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** The embedded API server, and a kubelet that is controller and scheduler too. */
public final class PretendCluster implements DemoCluster {

    private static final Duration POD_STARTUP = Duration.ofMillis(600);

    private final ApiServer apiServer = ApiServer.start();
    private final KubernetesClient user = apiServer.client();
    private final KubernetesClient serinus = apiServer.client();
    private final Kubelet kubelet;

    public PretendCluster(Pods pods, Samples samples, SplittableRandom chance) {
        kubelet = Kubelet.start(user, pods, samples, POD_STARTUP, chance);
        Crds.all().forEach(definition -> user.resource(definition).create());
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
                "Everything here%s runs in this one process, on this machine's loopback address:"
                        .formatted(tested ? " but the load tester" : ""),
                "a Kafka broker, Serinus' five services, and a pretend cluster around them:",
                "an API server, pods that really answer HTTP, a gateway, users, a Prometheus.");
    }

    @Override
    public String look() {
        return "curl " + apiServer.url() + "/apis/flagger.app/v1beta1/canaries";
    }

    @Override
    public void close() {
        kubelet.close();
        serinus.close();
        user.close();
        apiServer.close();
    }
}
