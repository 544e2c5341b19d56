package dev.serinus.notifier.alert;

import dev.serinus.notifier.chat.Delivery;
import dev.serinus.notifier.chat.Digest;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.runtime.KeptRecords;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.core.instrument.MeterRegistry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells providers with a digest what was gathered for them, when its time has come. What a digest
 * says is kept before it is sent and until it is taken: whoever goes on after a crash sends the
 * same message with the same key.
 */
public final class Digests {

    private static final Logger LOG = LoggerFactory.getLogger(Digests.class);

    /** Between two attempts, where it may end better; else the digest's own time. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** How often what others gathered is looked at, where not all providers are watched. */
    private static final Duration READ = Duration.ofMinutes(1);

    /** A digest that nobody took for so long is of no interest any more. */
    private static final Duration KEPT = Duration.ofDays(8);

    /** What was refused so often may be refused for what it says. */
    private static final int REFUSALS_UNTIL_COUNTED = 3;

    private final String cluster;
    private final ResourceWatch<Provider> watch;
    private final Providers providers;
    private final Delivery delivery;
    private final Alerts.Everybody everybody;
    private final KeptRecords<AlertDeliveries> kept;
    private final Ownership ours;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private volatile Instant nextRead = Instant.MIN;
    private final Map<CanaryKey, Instant> notBefore = new ConcurrentHashMap<>();
    private final Map<CanaryKey, Integer> refusals = new ConcurrentHashMap<>();

    /** Which records this process is to write. */
    @FunctionalInterface
    public interface Ownership {
        boolean has(CanaryKey record) throws InterruptedException;
    }

    public Digests(
            String cluster,
            ResourceWatch<Provider> watch,
            Providers providers,
            Delivery delivery,
            Alerts.Everybody everybody,
            KeptRecords<AlertDeliveries> kept,
            Ownership ours,
            InstantSource clock,
            MeterRegistry metrics) {
        this.cluster = cluster;
        this.watch = watch;
        this.providers = providers;
        this.delivery = delivery;
        this.everybody = everybody;
        this.kept = kept;
        this.ours = ours;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * The providers whose digests this process tells and for which one is due, as far as can be
     * seen here. An installation without digests makes no request for this.
     */
    public Set<CanaryKey> candidates() throws InterruptedException {
        if (providers.watched() != null && !clock.instant().isBefore(nextRead)) {
            // Of providers in other namespaces only what is gathered is known.
            kept.get(Gathered.record(cluster, providers.watched(), "none"));
            nextRead = clock.instant().plus(READ);
        }
        Instant at = clock.instant();
        Map<CanaryKey, Duration> every = new HashMap<>();
        for (Observed<Provider> seen : watch.all()) {
            if (ObjectNames.isName(seen.name()) && ObjectNames.isNamespace(seen.namespace())) {
                Digest.every(seen.value().digest())
                        .ifPresent(
                                it ->
                                        every.put(
                                                Gathered.record(
                                                        cluster, seen.namespace(), seen.name()),
                                                it));
            }
        }
        if (!every.isEmpty()) {
            // Once for all of them: each look is a request, and alerts wait for it.
            kept.get(Gathered.record(cluster, "none", "none"));
        }
        Map<CanaryKey, AlertDeliveries> known = kept.known();
        Set<CanaryKey> all = new TreeSet<>();
        Gathered.all(known, at)
                .forEach(
                        (provider, waiting) -> {
                            Duration its = every.getOrDefault(provider, Duration.ZERO);
                            if (waiting.since()
                                    .filter(it -> !at.isBefore(it.plus(its)))
                                    .isPresent()) {
                                all.add(provider);
                            }
                        });
        known.forEach(
                (each, record) -> {
                    if (record.getDigest() != null) {
                        all.add(each);
                    }
                });
        Set<CanaryKey> mine = new TreeSet<>();
        for (CanaryKey each : all) {
            if (!at.isBefore(notBefore.getOrDefault(each, Instant.MIN)) && ours.has(each)) {
                mine.add(each);
            }
        }
        return mine;
    }

    /** Makes one attempt to tell what is due; for one thread for each provider. */
    public void tell(CanaryKey provider) throws InterruptedException {
        AlertDeliveries now =
                kept.get(provider)
                        .orElseGet(
                                () ->
                                        AlertDeliveries.newBuilder()
                                                .setCanary(provider.toString())
                                                .build());
        Instant at = clock.instant();
        if (at.isBefore(notBefore.getOrDefault(provider, Instant.MIN))) {
            return;
        }
        Map<CanaryKey, AlertDeliveries> known = kept.known();
        AlertDeliveries left = Gathered.withoutWhatIsOver(known, provider, now);
        if (!left.equals(now)) {
            kept.put(provider, left);
            now = left;
        }
        var waiting = Gathered.of(known, provider, at);
        if (now.getDigest() == null && waiting.since().isEmpty()) {
            return;
        }
        switch (providers.find(provider.namespace(), Gathered.nameOf(provider))) {
            case Providers.Found.Unusable(String because, boolean gone, var _, var _) -> {
                if (gone) {
                    AlertDeliveries all =
                            waiting.since().isPresent() ? waiting.digest(now, at) : now;
                    giveUp(provider, all, "none", because);
                    return;
                }
                later(provider, PAUSE.multipliedBy(10));
                retried(provider, "none", because);
                expire(provider, now, "none", at);
            }
            case Providers.Found.Usable usable -> {
                Duration every = Objects.requireNonNullElse(usable.digest(), Duration.ZERO);
                if (now.getDigest() == null) {
                    if (at.isBefore(waiting.since().orElseThrow().plus(every))) {
                        return;
                    }
                    now = waiting.digest(now, at);
                    kept.put(provider, now);
                } else if (refusals.containsKey(provider) && waiting.since().isPresent()) {
                    now =
                            waiting.addedTo(
                                    now, at, refusals.get(provider) >= REFUSALS_UNTIL_COUNTED);
                    kept.put(provider, now);
                }
                send(provider, now, usable, every);
            }
        }
    }

    private void send(
            CanaryKey provider, AlertDeliveries now, Providers.Found.Usable usable, Duration every)
            throws InterruptedException {
        AlertDigest digest = now.getDigest();
        var message =
                Digest.message(
                        digest,
                        new CanaryKey(cluster, provider.namespace(), Gathered.nameOf(provider)),
                        everybody.clusterShown(),
                        everybody.dashboard());
        var owner = new CanaryKey(cluster, provider.namespace(), "digest");
        switch (delivery.attempt(owner, message, usable.destination())) {
            case Delivery.Result.Taken _ -> {
                refusals.remove(provider);
                kept.put(provider, AlertDeliveries.newBuilder(now).setDigest(null).build());
                count(usable.destination().type(), "delivered");
                LOG.atInfo()
                        .addKeyValue("provider", Gathered.dotted(provider))
                        .addKeyValue("canaries", digest.getLines().size() + digest.getMore())
                        .log("digest told");
            }
            case Delivery.Result.NotTold _ ->
                    throw new IllegalStateException("a digest is for who takes digests");
            case Delivery.Result.Missed(String because, boolean again, var after) -> {
                Duration pause = again || every.compareTo(PAUSE) < 0 ? PAUSE : every;
                later(provider, after == null || after.compareTo(pause) < 0 ? pause : after);
                if (!again) {
                    refusals.merge(provider, 1, Integer::sum);
                }
                retried(provider, usable.destination().type(), because);
                expire(provider, now, usable.destination().type(), clock.instant());
            }
        }
    }

    private void later(CanaryKey provider, Duration pause) {
        notBefore.put(provider, clock.instant().plus(pause));
    }

    private void retried(CanaryKey provider, String type, String because) {
        count(type, "retried");
        LOG.atWarn()
                .addKeyValue("provider", Gathered.dotted(provider))
                .addKeyValue("because", because)
                .log("digest not told yet, trying again");
    }

    /** What nobody took for eight days is given up. */
    private void expire(CanaryKey provider, AlertDeliveries now, String type, Instant at)
            throws InterruptedException {
        AlertDigest digest = now.getDigest();
        if (digest != null && digest.getAt().isBefore(at.minus(KEPT))) {
            giveUp(provider, now, type, "nobody took it for eight days");
        }
    }

    private void giveUp(CanaryKey provider, AlertDeliveries now, String type, String because)
            throws InterruptedException {
        AlertDigest digest = Objects.requireNonNull(now.getDigest());
        refusals.remove(provider);
        kept.put(provider, AlertDeliveries.newBuilder(now).setDigest(null).build());
        count(type, "failed");
        LOG.atError()
                .addKeyValue("provider", Gathered.dotted(provider))
                .addKeyValue("canaries", digest.getLines().size() + digest.getMore())
                .addKeyValue("because", because)
                .log("digest given up");
    }

    private void count(String type, String outcome) {
        metrics.counter("serinus.alerts", "provider", type, "outcome", outcome).increment();
    }
}
