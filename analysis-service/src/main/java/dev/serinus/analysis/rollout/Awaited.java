package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Point;

/** What is waited for without having asked anybody. */
public sealed interface Awaited {

    /** The part of the canary's life that it belongs to. */
    Part part();

    /** The primary is to become ready for the first time. */
    record FirstPrimary() implements Awaited {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /** The target of a canary that was found at work is to be seen. */
    record FoundTarget() implements Awaited {
        @Override
        public Part part() {
            return Part.INITIALIZATION;
        }
    }

    /**
     * A gate is to open; it is asked again at the due time.
     *
     * @param by who closed it
     */
    record OpenGate(Point point, String by, String because) implements Awaited {
        @Override
        public Part part() {
            return switch (point) {
                case START -> Part.START;
                case ADVANCE, PROMOTE -> Part.ANALYSIS;
            };
        }
    }

    /** The canary is to become ready. */
    record ReadyCanary() implements Awaited {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** The canary is ready; the primary is to become ready again before traffic is divided. */
    record ReadyPrimary() implements Awaited {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /**
     * The interval at a stop is to pass, or that before another try of the hooks before traffic.
     */
    record Interval(Reason reason) implements Awaited {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** Traffic was taken from a canary that did not serve: it is to become ready. */
    record CanaryAgain() implements Awaited {
        @Override
        public Part part() {
            return Part.ANALYSIS;
        }
    }

    /** All traffic is at the canary, since the primary did not serve: it is to serve again. */
    record PrimaryAgain(Part from) implements Awaited {
        @Override
        public Part part() {
            return from;
        }
    }

    /** The primary is to become ready with the new template. */
    record PromotedPrimary() implements Awaited {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** The interval between two steps back is to pass. */
    record StepBack() implements Awaited {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** Requests in flight get an interval to end. */
    record Drained() implements Awaited {
        @Override
        public Part part() {
            return Part.PROMOTION;
        }
    }

    /** A rollback waits for a primary that serves. */
    record PrimaryForRollback() implements Awaited {
        @Override
        public Part part() {
            return Part.ROLLBACK;
        }
    }

    /** People hold the rollout; this goes on when they release it. */
    record Release(Next then) implements Awaited {
        @Override
        public Part part() {
            return then.part();
        }
    }

    /** Why an interval is spent. */
    sealed interface Reason {

        /** Traffic is where it is to be, and is to be measured there. */
        record Arrived() implements Reason {}

        /** A check failed; it is tried again. */
        record AfterFailure() implements Reason {}

        /** Readiness was lost during the check, so that it does not count. */
        record NotSteady() implements Reason {}

        /** A check had no verdict. */
        record Inconclusive(String because) implements Reason {}
    }
}
