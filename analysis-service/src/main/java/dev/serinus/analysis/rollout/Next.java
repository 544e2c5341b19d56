package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is to be done now. The parts of the machine do not call each other: each does its own and
 * says what comes next, and the machine goes on with that.
 */
public sealed interface Next {

    /** The part of the canary's life that it belongs to. */
    Part part();

    /** True where it must not be done while people hold the rollout and no gate says so. */
    default boolean advances() {
        return true;
    }

    /** Initialise a canary that nothing is known of. */
    record Initialize() implements Next {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** The metric providers were asked: make Services and primary. */
    record Create() implements Next {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** The first primary is ready: lead traffic to it. */
    record TakeOver() implements Next {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Give the primary that never became ready the target's newer template. */
    record CopyFirst() implements Next {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** Look at a canary that was found at work. Nothing moves, so nobody has to release it. */
    record Adopt() implements Next {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Rest, and see whether there is a new revision. */
    record Rest() implements Next {
        @Override
        public Part part() {
            return Part.REST;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Give an edited manifest its shape. */
    record Reshape() implements Next {
        @Override
        public Part part() {
            return Part.REST;
        }
    }

    /** Begin a run of what the target shows. */
    record Run() implements Next {
        @Override
        public Part part() {
            return Part.REST;
        }
    }

    /** Ask the gate of the run. */
    record AskToStart() implements Next {
        @Override
        public Part part() {
            return Part.START;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** The gate of the run is open: scale the target up. */
    record ScaleUp() implements Next {
        @Override
        public Part part() {
            return Part.START;
        }
    }

    /** Begin the run anew with what the target shows. */
    record Restart() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Wait for a canary that is ready. */
    record AwaitCanary() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Traffic was taken from a canary that does not serve: wait until it does. */
    record AwaitCanaryAgain() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Wait until people release the rollout, then go on. */
    record Park(Next then) implements Next {
        @Override
        public Part part() {
            return then.part();
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** People release the rollout: what waited for that goes on. */
    record Release() implements Next {
        @Override
        public Part part() {
            return Part.NONE;
        }
    }

    /**
     * The canary is ready and its interval is over: what may stop it comes first, then the check.
     */
    record Tick() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Nobody demands a rollback: check. */
    record Check() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Ask for more traffic, or for the promotion after the last stop. */
    record AskToAdvance() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Set the split of the next stop. */
    record Shift() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** The promotion's gate is open: switch all traffic to the canary. */
    record SwitchAll() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /**
     * Set the split again that could not be set.
     *
     * @param since when it was to be set first
     * @param trouble why it could not be; null where nothing stood in the way
     */
    record ShiftAgain(int to, Instant since, Ask.@Nullable Trouble trouble) implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Ask whether everybody may get the new revision. */
    record AskToPromote() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Copy the template to the primary. */
    record Copy() implements Next {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** The primary serves the new template: move traffic to it. */
    record RouteBack() implements Next {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** The interval of the drain is over: scale the target down. */
    record ScaleDown() implements Next {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** The target is scaled down, or never will be: the promotion is complete. */
    record EndPromoted() implements Next {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** The primary did not become ready with the new template. */
    record FailPromotion(String because) implements Next {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Take the canary back; why was told already. */
    record RollBack(String because) implements Next {
        @Override
        public Part part() {
            return Part.ROLLBACK;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** The canary is scaled down, or never will be: the rollback is complete. */
    record EndRolledBack() implements Next {
        @Override
        public Part part() {
            return Part.ROLLBACK;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Call the hooks after the end. */
    record End() implements Next {
        @Override
        public Part part() {
            return Part.END;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }

    /** Restore what was before Serinus. */
    record Restore() implements Next {
        @Override
        public Part part() {
            return Part.DELETION;
        }

        @Override
        public boolean advances() {
            return false;
        }
    }
}
