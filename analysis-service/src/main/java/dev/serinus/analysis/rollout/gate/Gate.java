package dev.serinus.analysis.rollout.gate;

import java.util.List;

/**
 * Whether a rollout may go on. All sources are asked, in their order; the first that is not open
 * decides. A source is one class and one line here.
 */
public final class Gate {

    private static final List<GateSource> SOURCES =
            List.of(
                    new PeopleGate(),
                    new FreezeGate(),
                    new WebhookGate(),
                    new GroupGate(),
                    new BudgetGate());

    private Gate() {}

    /** What all sources together say. */
    public static Opinion ask(GateFacts facts) {
        return ask(SOURCES, facts);
    }

    static Opinion ask(List<GateSource> sources, GateFacts facts) {
        return sources.stream()
                .map(source -> source.at(facts))
                .filter(opinion -> !(opinion instanceof Opinion.Open))
                .findFirst()
                .orElseGet(Opinion.Open::new);
    }
}
