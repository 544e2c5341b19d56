package dev.serinus.webhook.hook;

import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.topic.CanaryKey;

/** Calls for tests. */
final class Calls {

    static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    private Calls() {}

    static WebhookCall.Builder of(HookType type, String name) {
        return WebhookCall.newBuilder()
                .setCanary(CANARY.toString())
                .setStep(new StepId("uid", 1L, 7L, 1))
                .setGeneration(1)
                .setHook(0)
                .setName(name)
                .setType(type)
                .setPhase("Progressing")
                .setChecksum("6867868d58");
    }
}
