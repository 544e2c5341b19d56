package dev.serinus.installation.pods;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Five services around a Kafka of somebody else's, each of which is replaced as its workload says.
 */
@Tag("nightly")
class HubUpgradeIT extends UpgradeUnderLoad {

    private static final List<String> SERVICES =
            List.of("analysis", "watcher", "router", "webhook", "notifier");

    private EmbeddedBroker broker;

    @BeforeEach
    void startKafka() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
    }

    @AfterEach
    void stopKafka() {
        broker.close();
    }

    @Override
    List<List<String>> versions() {
        return Stream.of(
                        List.<String>of(),
                        List.of("image.tag=0.1.1", "podLabels.generation=second", "logLevel=debug"),
                        List.of(
                                "javaOptions=-Xmx200m",
                                "resources.requests.memory=300Mi",
                                "resources.limits.memory=480Mi",
                                "services.router.resources.limits.memory=500Mi"),
                        List.of(
                                "kafka.properties.linger\\.ms=1",
                                "kafka.properties.max\\.poll\\.records=100",
                                "kafka.secretProperties.client\\.id=serinus"))
                .map(this::values)
                .toList();
    }

    /** Old and new run beside each other on this machine's network, so that each has its port. */
    private List<String> values(List<String> own) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "mode=hub",
                                "clusterName=production",
                                "kafka.bootstrapServers=" + broker.bootstrapServers(),
                                "kafka.topics.partitions=3"));
        SERVICES.forEach(
                service -> all.add("services.%s.port=%d".formatted(service, FreePort.next())));
        all.addAll(own);
        return all;
    }

    @Override
    int pods() {
        return SERVICES.size();
    }
}
