package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The services of an older version are replaced by this one's, one after the other, each while
 * releases run: every release is promoted, and nothing is done or told twice. The older one is what
 * was built in the checkout that {@code trials.older} names: {@code git worktree add DIR COMMIT},
 * and there {@code mvn package} of the five services. Without a registry it has to be one that
 * knows the topic of schemas, and the analysis is this one's from the beginning: what is public has
 * no topic of schemas beside it, and who reads it here has this version's.
 */
@Tag("nightly")
@EnabledIfSystemProperty(
        named = MixedVersionsIT.OLDER,
        matches = ".+",
        disabledReason = "needs the checkout of an older version")
@ResourceLock("dev.serinus.trials.killed")
class MixedVersionsIT {

    static final String OLDER = "trials.older";
    private static final String CLUSTER = "trial";
    private static final Path THIS = Path.of(System.getProperty("serinus.root", "."));

    private final Map<String, ServiceProcess> parts = new LinkedHashMap<>();
    private final Map<String, String> registry = new HashMap<>();
    private Path data;
    private TrialReleases releases;
    private int port;

    @BeforeEach
    void startTheBroker(TestInfo test) {
        data =
                Path.of(
                                System.getProperty("trials.data"),
                                "%s-%d-%x"
                                        .formatted(
                                                getClass().getSimpleName(),
                                                ProcessHandle.current().pid(),
                                                test.getDisplayName().hashCode()))
                        .toAbsolutePath();
        releases = new TrialReleases(CLUSTER, List.of("cart", "desk"), data);
        port = FreePort.next();
        parts.put("broker", ServiceProcess.broker(data, port, CLUSTER));
    }

    @AfterEach
    void stopEverything() {
        new ArrayList<>(parts.values()).reversed().forEach(ServiceProcess::close);
        releases.close();
    }

    @ParameterizedTest
    @CsvSource({
        "none, webhook notifier watcher router",
        "registry, watcher analysis router notifier webhook"
    })
    void eachServiceIsReplacedInTheMiddleOfReleases(String schemas, String order) throws Exception {
        // Given
        if (schemas.equals("registry")) {
            int at = FreePort.next();
            parts.put("registry", ServiceProcess.registry(data, at));
            registry.put("SCHEMA_REGISTRY_URL", "http://127.0.0.1:" + at + "/apis/ccompat/v7");
            registry.put("KAFKA_AUTO_REGISTER_SCHEMAS", "true");
        }
        Path older = Path.of(System.getProperty(OLDER));
        for (String service : List.of("analysis", "watcher", "router", "webhook", "notifier")) {
            boolean isReplaced = order.contains(service);
            parts.put(service, service(service, isReplaced ? older : THIS));
        }
        var kafka =
                new KafkaSettings(
                        schemas.equals("registry")
                                ? Map.of(
                                        "bootstrap.servers",
                                        "127.0.0.1:" + port,
                                        "schema.registry.url",
                                        Objects.requireNonNull(registry.get("SCHEMA_REGISTRY_URL")))
                                : Map.of("bootstrap.servers", "127.0.0.1:" + port));
        try (var history = new History(kafka)) {
            releases.begin(history);
            int run = 0;

            // When
            for (String each : order.split(" ")) {
                run++;
                releases.release(history, run);
                replace(each);
                releases.await(history, run, "Promoted");
            }
            releases.release(history, ++run);
            releases.await(history, run, "Promoted");

            // Then
            releases.assertPromoted(history, run);
            assertThat(new Broker(kafka).all("serinus." + CLUSTER + ".dead-letters")).isEmpty();
        }
    }

    /** As the chart does: where several may run, the new one is there before the old one goes. */
    private void replace(String name) throws InterruptedException {
        var old = Objects.requireNonNull(parts.get(name));
        boolean several = !name.equals("watcher") && !name.equals("analysis");
        if (!several) {
            old.stop();
        }
        parts.put(name + " of this version", service(name, THIS));
        if (several) {
            old.stop();
        }
    }

    /** The analysis finds the identity of the one before it. */
    private ServiceProcess service(String name, Path root) {
        return ServiceProcess.service(
                name, CLUSTER, releases.cluster, port, data.resolve(name), root, registry);
    }
}
