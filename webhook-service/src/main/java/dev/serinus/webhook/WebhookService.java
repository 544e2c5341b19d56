package dev.serinus.webhook;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.Aside;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.RecordLoop;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.telemetry.LoopGauges;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.webhook.hook.CallMetrics;
import dev.serinus.webhook.hook.Hook;
import dev.serinus.webhook.hook.HookCaller;
import dev.serinus.webhook.hook.SecretHeaders;
import dev.serinus.webhook.hook.WebhookCalls;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The whole service in plain Java: takes calls from {@code webhook-calls}, makes them, answers on
 * {@code webhook-results}. In order within a canary, canaries beside each other.
 */
public final class WebhookService implements ServiceHealth, AutoCloseable {

    /** How late events may be that a receiver of both is to hear of before it is asked. */
    private static final Duration IN_ORDER = Duration.ofSeconds(2);

    private final Installation installation;
    private final KafkaSettings kafka;
    private final MeterRegistry registry;
    private final WebhookConfig config;
    private final ResourceWatch<List<Hook>> canaries;
    private final OutgoingClient outgoing;
    private final SecretHeaders secrets;
    private @Nullable KafkaOutbox outbox;
    private @Nullable RecordLoop<WebhookCall> loop;
    private @Nullable RecordLoop<WebhookCall> events;

    /** The client stays the caller's to close. */
    public WebhookService(
            Installation installation,
            KafkaSettings kafka,
            KubernetesClient client,
            WebhookConfig config,
            MeterRegistry registry) {
        this.installation = installation;
        this.kafka = kafka;
        this.registry = registry;
        this.config = config;
        this.canaries =
                ResourceWatch.of(client, ResourceWatch.CANARIES, installation.namespace(), Hook::of)
                        .keepingGone(Hook::events, Hook::bytes);
        this.secrets = new ClusterSecrets(client);
        this.outgoing =
                new OutgoingClient(
                        config.guard(),
                        Proxies.of(config.environment()),
                        CallLimits.of(config.mostAtOnce()));
    }

    /** Begins to watch and to take calls. */
    public void start() {
        canaries.start();
        var topics = new Topics(kafka);
        String group = Service.WEBHOOK.group(installation.cluster(), TopicKind.WEBHOOK_CALLS);
        outbox = new KafkaOutbox(kafka, group);
        var calls = calls(outgoing, outbox);
        var loops =
                RecordLoop.startBoth(
                        topics.webhookCalls(installation.cluster()),
                        group,
                        new Aside<>(
                                Service.WEBHOOK
                                        .eventsGroup(
                                                installation.cluster(), TopicKind.WEBHOOK_CALLS)
                                        .orElseThrow(),
                                WebhookCalls::isEvent,
                                calls(outgoing.within(CallLimits.of(config.mostAtOnce())), outbox),
                                IN_ORDER),
                        Service.WEBHOOK.formerGroup().orElse(null),
                        installation.cluster(),
                        kafka,
                        outbox,
                        calls);
        loop = loops.getFirst();
        events = loops.getLast();
        LoopGauges.bind(registry, loops.getFirst(), "webhook", "webhook-calls");
        LoopGauges.bind(registry, loops.getLast(), "webhook", "events");
    }

    private WebhookCalls calls(OutgoingClient client, KafkaOutbox answers) {
        return new WebhookCalls(
                canaries,
                config.patience(),
                new HookCaller(
                        client,
                        config.signer(),
                        InstantSource.system(),
                        Thread::sleep,
                        installation.limits(),
                        TraceContext.isWanted(config.environment()),
                        secrets),
                answers,
                new Topics(kafka).webhookResults(installation.cluster()),
                InstantSource.system(),
                new CallMetrics(registry));
    }

    /** False when only a restart helps. */
    @Override
    public boolean alive() {
        return loop != null && loop.healthy() && events != null && events.healthy();
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
        RecordLoop.closeAll(loop, events);
        canaries.close();
        outgoing.close();
        if (outbox != null) {
            outbox.close();
        }
    }
}
