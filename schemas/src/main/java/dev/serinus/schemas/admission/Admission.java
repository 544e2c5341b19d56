package dev.serinus.schemas.admission;

import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;

import java.util.List;

/**
 * What the rules say of a Canary: its spec as the machine takes it, or all that is wrong with it.
 */
public sealed interface Admission {

    /** The Canary obeys every rule. */
    record Admitted(RolloutSpec spec) implements Admission {}

    /** The Canary breaks rules: every one of them, by path. */
    record Refused(List<Problem> problems) implements Admission {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
