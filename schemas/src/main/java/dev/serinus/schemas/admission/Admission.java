package dev.serinus.schemas.admission;

import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;

import java.util.List;

/**
 * What the rules say of a Canary: its spec as the machine takes it, or all that is wrong with it.
 */
public sealed interface Admission {

    /**
     * The Canary obeys every rule.
     *
     * @param unused paths of what it has and its mesh makes nothing of
     * @param hints what works otherwise than its author may think, in sentences that begin with the
     *     path
     */
    record Admitted(RolloutSpec spec, List<String> unused, List<String> hints)
            implements Admission {
        public Admitted {
            unused = List.copyOf(unused);
            hints = List.copyOf(hints);
        }
    }

    /** The Canary breaks rules: every one of them, by path. */
    record Refused(List<Problem> problems) implements Admission {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
