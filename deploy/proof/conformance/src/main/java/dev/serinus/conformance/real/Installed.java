package dev.serinus.conformance.real;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.LocalSettings;
import dev.serinus.conformance.scenario.Flags;
import dev.serinus.schemas.canary.Installation;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/** All of Serinus in this JVM, with a broker of its own, at work on the control plane. */
final class Installed implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 100;
    private static final int PARTITIONS = 4;

    private final AllInOne serinus;
    private final KubernetesClient client;

    private Installed(AllInOne serinus, KubernetesClient client) {
        this.serinus = serinus;
        this.client = client;
    }

    /**
     * Returns once all of it works.
     *
     * @param client whose rights it has; closed with it
     * @param namespace the only one it works in; null for all
     * @param metricsServer the fake server
     * @param data an empty directory
     */
    static Installed start(
            KubernetesClient client,
            @Nullable String namespace,
            Flags flags,
            String metricsServer,
            Duration minInterval,
            Path data)
            throws InterruptedException {
        // Without a name given topics are of cluster local, and alerts name none.
        var defaults = Installation.named("local");
        var installation =
                flags.installation(
                        new Installation(
                                defaults.cluster(),
                                namespace,
                                "istio",
                                metricsServer,
                                minInterval,
                                defaults.selectorLabels(),
                                defaults.configTracking(),
                                defaults.includeLabelPrefixes(),
                                defaults.noCrossNamespaceRefs()));
        var telling =
                new LocalSettings.Telling(
                        flags.chat(), flags.eventWebhook(), flags.cluster() != null);
        var serinus =
                AllInOne.start(
                        new LocalSettings(installation, data, null, 0, PARTITIONS, 0, telling),
                        client);
        var installed = new Installed(serinus, client);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!serinus.ready()) {
            if (System.nanoTime() > end) {
                String state = serinus.state();
                installed.close();
                throw new IllegalStateException("Serinus does not get ready: " + state);
            }
            Thread.sleep(POLL_MILLIS);
        }
        return installed;
    }

    @Override
    public void close() {
        serinus.close();
        client.close();
    }
}
