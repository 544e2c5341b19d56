package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.RepeatedQuestions;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.wire.TestReports;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Resolves each call from the Canary as the cluster has it, makes it, and answers. Event hooks get
 * no answer: nobody waits for one.
 *
 * @param patience how long a generation that was not seen yet is waited for
 */
public record WebhookCalls(
        ResourceWatch<List<Hook>> canaries,
        Duration patience,
        HookCaller caller,
        Outbox outbox,
        Topic<CanaryKey, WebhookResult> results,
        InstantSource clock,
        CallMetrics metrics)
        implements RepeatedQuestions<WebhookCall> {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookCalls.class);

    /** What is given up is asked for again, but for event hooks, which are told at best. */
    @Override
    public Optional<Duration> patienceWhenFull() {
        return Optional.of(Duration.ofMinutes(1));
    }

    /** Analysis asks again while no answer comes, and takes the answer to any of these. */
    @Override
    public boolean isRepeat(WebhookCall later, WebhookCall earlier) {
        return isAnswered(later)
                && later.getGeneration() == earlier.getGeneration()
                && later.getHook() == earlier.getHook()
                && later.getType() == earlier.getType()
                && later.getName().equals(earlier.getName())
                && HookCaller.id(later).equals(HookCaller.id(earlier));
    }

    @Override
    public void handle(CanaryKey canary, WebhookCall call) throws InterruptedException {
        var begun = clock.instant();
        Optional<Observed<List<Hook>>> seen =
                canaries.insistOnGeneration(
                        canary.namespace(),
                        canary.name(),
                        call.getStep().getUid(),
                        call.getGeneration(),
                        patience);
        if (seen.isEmpty() && isEvent(call)) {
            // The last event of a Canary is that it is gone.
            seen = canaries.gone(call.getStep().getUid());
        }
        Verdict verdict =
                seen.isPresent()
                        ? judge(seen.get(), canary, call)
                        : Verdict.failed(
                                "generation %d of the Canary was not seen within %s"
                                        .formatted(
                                                call.getGeneration(), patience.toSeconds() + "s"));
        Duration took = Duration.between(begun, clock.instant());
        metrics.record(call.getType(), verdict.passed(), took);
        tell(canary, call, verdict, took);
        if (isAnswered(call)) {
            outbox.send(
                    results,
                    canary,
                    WebhookResult.newBuilder()
                            .setCanary(canary.toString())
                            .setStep(call.getStep())
                            .setGeneration(
                                    seen.map(Observed::generation).orElse(call.getGeneration()))
                            .setHook(call.getHook())
                            .setPassed(verdict.passed())
                            .setStatus(verdict.status())
                            .setBecause(verdict.because())
                            .setTookMillis(took.toMillis())
                            .setReport(TestReports.written(verdict.report()))
                            .setName(call.getName())
                            .setChanged(verdict.changed())
                            .build());
        }
    }

    private Verdict judge(Observed<List<Hook>> seen, CanaryKey canary, WebhookCall call)
            throws InterruptedException {
        Optional<String> tooMany =
                ManifestLimits.tooMany(seen.value().size(), caller.limits().webhooks());
        if (tooMany.isPresent()) {
            return Verdict.failed("spec.analysis.webhooks " + tooMany.get());
        }
        Optional<Hook> hook = Hook.find(seen.value(), call);
        return hook.isPresent()
                ? caller.call(hook.get(), canary, call)
                : Verdict.ofAnotherManifest(
                        "the manifest changed: generation %d has no webhook %s of that type"
                                .formatted(seen.generation(), call.getName()));
    }

    private static void tell(CanaryKey canary, WebhookCall call, Verdict verdict, Duration took) {
        // Everybody else's failures are told by analysis; those of event hooks end here.
        Level level = verdict.passed() || isAnswered(call) ? Level.INFO : Level.WARN;
        LOG.atLevel(level)
                .addKeyValue("canary", canary)
                .addKeyValue("step", step(call))
                .addKeyValue("hook", call.getName())
                .addKeyValue("type", call.getType())
                .addKeyValue("passed", verdict.passed())
                .addKeyValue("status", verdict.status())
                .addKeyValue("because", verdict.because())
                .addKeyValue("took", took)
                .log("webhook called");
    }

    /** True for calls that nobody waits for. */
    public static boolean isEvent(WebhookCall call) {
        return !isAnswered(call);
    }

    static boolean isAnswered(WebhookCall call) {
        return HookType.valueOf(call.getType().name()).answers();
    }

    private static String step(WebhookCall call) {
        var step = call.getStep();
        return step.getRun() + "." + step.getStep() + "." + step.getAttempt();
    }
}
