package dev.serinus.router;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.command.CommandHandler;
import dev.serinus.router.drift.Drift;
import dev.serinus.router.objects.KubernetesCluster;
import dev.serinus.router.objects.RememberedCluster;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.runtime.KafkaIdentity;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.telemetry.LoopGauges;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

/**
 * The whole service in plain Java: takes commands from {@code router-commands}, carries them out,
 * answers on {@code router-results}. In order within a canary, canaries beside each other.
 */
public final class RouterService implements ServiceHealth, AutoCloseable {

    /**
     * Bytes of routes and Services: up to six for each canary, of about a kilobyte, so that there
     * is room for those of two thousand canaries that move at once.
     */
    private static final long HELD = 12L << 20;

    private final Installation installation;
    private final KafkaSettings kafka;
    private final MeterRegistry meters;
    private final Claims claims = new Claims();
    private final Canaries canaries;
    private final ActionContext context;
    private final CanaryLocks locks = new CanaryLocks();
    private final Drift drift;
    private @Nullable Thread starting;
    private @Nullable KafkaOutbox outbox;
    private @Nullable RecordLoop<RouterCommand> loop;

    /** The client stays the caller's to close. */
    public RouterService(
            Installation installation,
            KafkaSettings kafka,
            KubernetesClient client,
            RouterConfig config,
            MeterRegistry meters) {
        this.installation = installation;
        this.kafka = kafka;
        this.meters = meters;
        this.canaries = new Canaries(client, installation, claims);
        var cluster = new RememberedCluster(new KubernetesCluster(client), HELD);
        this.context = ActionContext.of(cluster, installation, claims, config.patience());
        this.drift = new Drift(client, canaries, context, locks);
        cluster.watchedBy(drift);
    }

    /** Begins to watch and to take commands. */
    public void start() {
        String group = Service.ROUTER.group(installation.cluster(), TopicKind.ROUTER_COMMANDS);
        var topics = new Topics(kafka);
        starting = Thread.ofVirtual().name("router-start").start(this::watch);
        outbox = new KafkaOutbox(kafka, group);
        loop =
                RecordLoop.start(
                        topics.routerCommands(installation.cluster()),
                        group,
                        installation.cluster(),
                        kafka,
                        outbox,
                        new CommandHandler(
                                canaries,
                                context,
                                locks,
                                drift.memory(),
                                outbox,
                                topics.routerResults(installation.cluster())));
        LoopGauges.bind(meters, loop, "router", "router-commands");
    }

    /** Whose a Canary is can be told once Kafka is known: until then none has been seen. */
    private void watch() {
        try {
            claims.settle(installation.cluster(), KafkaIdentity.of(kafka));
            canaries.start();
            drift.start();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when only a restart helps. */
    @Override
    public boolean alive() {
        return loop != null && loop.healthy();
    }

    /** True once the Canaries were read and while they are watched. */
    @Override
    public boolean ready() {
        return alive() && canaries.isCurrent();
    }

    @Override
    public String missing() {
        return "the Canaries of the cluster are not watched";
    }

    @Override
    public void close() {
        if (starting != null) {
            starting.interrupt();
            try {
                starting.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        if (loop != null) {
            loop.close();
        }
        canaries.close();
        drift.close();
        if (outbox != null) {
            outbox.close();
        }
    }
}
