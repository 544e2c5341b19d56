package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.hook.Point;

import java.time.Instant;
import java.util.List;

/**
 * A time in which the installation lets nothing go on, as its calendar says it next.
 *
 * @param name of the calendar
 * @param reason why, for people; empty where the installation gives none
 * @param from when it begins
 * @param until when it is over: the first moment that is free again
 * @param ends the same as people say it where the calendar is written
 * @param holds the gates that are closed meanwhile
 * @param byAnnotation an annotation of its Canary lets a run pass it, too
 */
public record Freeze(
        String name,
        String reason,
        Instant from,
        Instant until,
        String ends,
        List<Point> holds,
        boolean byAnnotation) {

    /** Before the name of one, where people approve it. */
    public static final String GATE = "freeze/";

    public Freeze {
        holds = List.copyOf(holds);
    }

    /** One that people alone let a run pass, by approving it. */
    public Freeze(
            String name,
            String reason,
            Instant from,
            Instant until,
            String ends,
            List<Point> holds) {
        this(name, reason, from, until, ends, holds, false);
    }

    /** The same with one reason more, for people. */
    public Freeze withReason(String because) {
        String reasons = reason.isEmpty() ? because : reason + "; " + because;
        return new Freeze(name, reasons, from, until, ends, holds, byAnnotation);
    }

    /** True while it lasts. */
    public boolean covers(Instant at) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    /** What people approve to let a run pass. */
    public String gate() {
        return GATE + name;
    }

    /** In words what is waited for. */
    public String words() {
        return "the end of freeze %s at %s%s"
                .formatted(name, ends, reason.isEmpty() ? "" : ": " + reason);
    }
}
