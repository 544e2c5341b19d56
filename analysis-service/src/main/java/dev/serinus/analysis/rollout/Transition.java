package dev.serinus.analysis.rollout;

import java.util.List;

/** What a decision leads to: the state to keep and the effects to send, in order. */
public record Transition(Rollout state, List<Effect> effects) {

    public Transition {
        effects = List.copyOf(effects);
    }
}
