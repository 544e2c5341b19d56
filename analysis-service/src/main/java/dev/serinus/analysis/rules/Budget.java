package dev.serinus.analysis.rules;

import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.schemas.topic.CanaryKey;

/**
 * So many rollouts at a time.
 *
 * @param most that may run
 * @param per what has a count of its own
 */
record Budget(String name, int most, Scope scope, Per per) {

    /** What has a count of its own. */
    enum Per {
        INSTALLATION,
        CLUSTER,
        NAMESPACE
    }

    Claim claim(CanaryKey canary) {
        return new Claim(
                name,
                switch (per) {
                    case INSTALLATION -> name;
                    case CLUSTER -> name + "/" + canary.cluster();
                    case NAMESPACE ->
                            "%s/%s/%s".formatted(name, canary.cluster(), canary.namespace());
                },
                most);
    }
}
