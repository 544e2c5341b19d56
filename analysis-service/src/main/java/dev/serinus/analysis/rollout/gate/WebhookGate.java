package dev.serinus.analysis.rollout.gate;

/** The webhooks that confirm a point, asked one after the other in the order of the manifest. */
final class WebhookGate implements GateSource {

    @Override
    public Opinion at(GateFacts facts) {
        return facts.hooks().isEmpty()
                ? new Opinion.Open()
                : new Opinion.Unknown(facts.hooks().getFirst());
    }
}
