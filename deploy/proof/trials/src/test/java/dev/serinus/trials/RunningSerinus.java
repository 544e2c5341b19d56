package dev.serinus.trials;

import static org.awaitility.Awaitility.await;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.LocalSettings;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.runtime.KafkaSettings;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** All of Serinus in this process, against a cluster for trials. */
final class RunningSerinus implements AutoCloseable {

    static final String CLUSTER = "trial";

    final KafkaSettings kafka;
    private final KubernetesClient client;
    private final AllInOne serinus;
    private boolean closed;

    private RunningSerinus(KafkaSettings kafka, KubernetesClient client, AllInOne serinus) {
        this.kafka = kafka;
        this.client = client;
        this.serinus = serinus;
    }

    static RunningSerinus on(Cluster cluster, String name) {
        Path data =
                Path.of(
                        System.getProperty("trials.data"),
                        name + "-" + ProcessHandle.current().pid());
        KubernetesClient client = cluster.apiServer.client();
        AllInOne serinus =
                AllInOne.start(
                        new LocalSettings(
                                new Installation(
                                        CLUSTER,
                                        null,
                                        "gatewayapi:v1",
                                        cluster.metricsServer(),
                                        Duration.ofSeconds(1),
                                        List.of("app", "name", "app.kubernetes.io/name"),
                                        true,
                                        List.of(),
                                        false),
                                data,
                                null,
                                0,
                                3,
                                0,
                                LocalSettings.Telling.NOBODY),
                        client);
        await().atMost(ServiceProcess.START_UP).until(serinus::ready);
        return new RunningSerinus(KafkaSettings.at(serinus.bootstrapServers()), client, serinus);
    }

    /** Where its API and its metrics are. */
    String url() {
        return serinus.url();
    }

    /** Doing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            serinus.close();
            client.close();
        }
    }
}
