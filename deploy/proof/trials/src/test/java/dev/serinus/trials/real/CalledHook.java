package dev.serinus.trials.real;

import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.webhook.hook.CallMetrics;
import dev.serinus.webhook.hook.Hook;
import dev.serinus.webhook.hook.HookCaller;
import dev.serinus.webhook.hook.WebhookCalls;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A hook of a Canary on the test bed, called as the webhook service calls it. */
final class CalledHook implements AutoCloseable {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 80}
              analysis:
                interval: 1m
                iterations: 1
                webhooks:
                - name: tests
                  type: pre-rollout
                  url: ADDRESS
                  timeout: 10m
                  metadata: {type: job, configMap: tests, key: job.yaml}
            """;

    private final CanaryKey canary;
    private final GenericKubernetesResource written;
    private final ResourceWatch<List<Hook>> watch;
    private final OutgoingClient outgoing =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
    private final CompletableFuture<WebhookResult> result = new CompletableFuture<>();
    private final WebhookCalls calls;

    CalledHook(TestBed bed, String address) {
        canary = new CanaryKey("lab", bed.namespace(), "podinfo");
        written =
                bed.admin()
                        .resource(
                                Serialization.unmarshal(
                                        CANARY.replace("ADDRESS", address),
                                        GenericKubernetesResource.class))
                        .inNamespace(bed.namespace())
                        .create();
        watch =
                ResourceWatch.of(bed.admin(), ResourceWatch.CANARIES, bed.namespace(), Hook::of)
                        .start();
        calls =
                new WebhookCalls(
                        watch,
                        Duration.ofMinutes(1),
                        new HookCaller(
                                outgoing,
                                Signer.none(),
                                InstantSource.system(),
                                Thread::sleep,
                                ManifestLimits.DEFAULTS,
                                false,
                                (_, _) -> Optional.empty()),
                        new Outbox() {
                            @Override
                            public <V> void send(
                                    Topic<CanaryKey, V> topic, CanaryKey key, V value) {
                                result.complete((WebhookResult) value);
                            }
                        },
                        new Topics(KafkaSettings.at("127.0.0.1:1")).webhookResults("lab"),
                        InstantSource.system(),
                        new CallMetrics(new SimpleMeterRegistry()));
    }

    /** Calls it for this run, and returns at once. */
    void call(long run) {
        var call =
                WebhookCall.newBuilder()
                        .setCanary(canary.toString())
                        .setStep(new StepId(written.getMetadata().getUid(), run, 1L, 1))
                        .setGeneration(written.getMetadata().getGeneration())
                        .setHook(0)
                        .setName("tests")
                        .setType(HookType.PRE_ROLLOUT)
                        .setPhase("Progressing")
                        .setChecksum("6867868d58")
                        .setRollout(new RolloutFacts("0a1b2c3d4e", 0, 10_000, 0, false, List.of()))
                        .build();
        Thread.startVirtualThread(
                () -> {
                    try {
                        calls.handle(canary, call);
                    } catch (InterruptedException | RuntimeException broken) {
                        result.completeExceptionally(broken);
                    }
                });
    }

    WebhookResult result(Duration atMost) throws Exception {
        return result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        watch.close();
        outgoing.close();
    }
}
