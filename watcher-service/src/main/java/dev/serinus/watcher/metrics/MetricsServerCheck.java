package dev.serinus.watcher.metrics;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.watcher.metrics.provider.Answer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether the installation's metrics server answers, asked as checks ask it, before a release
 * has to find out. It says so at the start, again when that changes, and as the gauge {@code
 * serinus.metrics.server.up}.
 */
public final class MetricsServerCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServerCheck.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** Longer than an answer may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final String server;
    private final MetricQueries.Asking asking;
    private final CountDownLatch looked = new CountDownLatch(1);
    private volatile @Nullable String trouble;
    private @Nullable Thread looking;

    /**
     * @param server what it is called, without what may be secret
     * @param asking asks it whether it answers
     */
    MetricsServerCheck(String server, MetricQueries.Asking asking, MeterRegistry meters) {
        this.server = server;
        this.asking = asking;
        Gauge.builder("serinus.metrics.server.up", this, MetricsServerCheck::up)
                .description("1 while the installation's metrics server answers")
                .register(meters);
    }

    /** What the server of these settings is called. */
    static String name(Installation installation) {
        NamespacedRef template = installation.metricsServerTemplate();
        if (template != null) {
            return "of MetricTemplate %s.%s".formatted(template.name(), template.namespace());
        }
        return Addresses.parse(installation.metricsServer())
                .map(MetricsServerCheck::withoutUser)
                .orElse("");
    }

    private static String withoutUser(URI address) {
        String path = address.getRawPath();
        return "%s://%s%s%s"
                .formatted(
                        address.getScheme(),
                        address.getHost(),
                        address.getPort() < 0 ? "" : ":" + address.getPort(),
                        path == null ? "" : path);
    }

    private double up() {
        if (looked.getCount() > 0) {
            return Double.NaN;
        }
        return trouble == null ? 1 : 0;
    }

    /** Looks now and every half minute. */
    void start() {
        looking = Thread.ofVirtual().name("metrics-server-check").start(this::keepLooking);
    }

    private void keepLooking() {
        try {
            while (true) {
                look();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    void look() throws InterruptedException {
        String found = because(MetricQueries.answered(asking));
        String before = trouble;
        trouble = found;
        looked.countDown();
        if (found != null && !found.equals(before)) {
            LOG.atWarn()
                    .log(
                            "The metrics server {} does not answer: {}. Checks that ask it fail,"
                                    + " and releases with them.",
                            server,
                            found);
        } else if (found == null && before != null) {
            LOG.atInfo().log("The metrics server {} answers again.", server);
        }
    }

    private static @Nullable String because(Answer answer) {
        return switch (answer) {
            case Answer.Samples _ -> null;
            case Answer.NoData(var because, _) -> because;
            case Answer.Unavailable(var because) -> because;
            case Answer.Misconfigured(var because) -> because;
        };
    }

    /**
     * That it does not answer, and why, in a sentence without secrets; null while it does. Waits
     * for the first look, some seconds at most.
     */
    public @Nullable String trouble() {
        try {
            if (!looked.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return null;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        String because = trouble;
        return because == null ? null : server + " does not answer: " + because;
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.interrupt();
        }
    }
}
