package dev.serinus.analysis.fleet;

import dev.serinus.schemas.events.RolloutEvent;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** The latest events of one canary, so many at most. Guarded by its owner. */
final class History {

    /** Who acts where no person does. */
    private static final String NOBODY = "serinus";

    /**
     * An event and the number of the change that it was.
     *
     * @param latestSoFar no event up to this one was later: clocks may go back
     */
    private record Told(RolloutEvent event, long number, Instant latestSoFar) {}

    private final int most;
    private final Deque<Told> told = new ArrayDeque<>();
    private int ofPeople;

    History(int most) {
        this.most = most;
    }

    void add(RolloutEvent event, long number) {
        Told before = told.peekLast();
        Instant latest =
                before == null || before.latestSoFar().isBefore(event.getAt())
                        ? event.getAt()
                        : before.latestSoFar();
        told.addLast(new Told(event, number, latest));
        ofPeople += isOfPeople(event) ? 1 : 0;
        if (told.size() > most) {
            ofPeople -= isOfPeople(told.removeFirst().event()) ? 1 : 0;
        }
    }

    /** Puts another in the place of each: about the same, of the same time and by the same. */
    void replaceAll(UnaryOperator<RolloutEvent> other) {
        var all =
                told.stream()
                        .map(it -> new Told(other.apply(it.event()), it.number(), it.latestSoFar()))
                        .toList();
        told.clear();
        told.addAll(all);
    }

    /** Events after a change, the oldest first. */
    List<RolloutEvent> after(long number) {
        return told.stream().filter(it -> it.number() > number).map(Told::event).toList();
    }

    /** Events of this time or later, the last that came first; only looks as far as it has to. */
    List<RolloutEvent> since(Instant time, boolean people) {
        List<RolloutEvent> found = new ArrayList<>();
        if (people && ofPeople == 0) {
            return found;
        }
        for (Iterator<Told> each = told.descendingIterator(); each.hasNext(); ) {
            Told it = each.next();
            if (it.latestSoFar().isBefore(time)) {
                break;
            }
            if (!it.event().getAt().isBefore(time) && (!people || isOfPeople(it.event()))) {
                found.add(it.event());
            }
        }
        return found;
    }

    private static boolean isOfPeople(RolloutEvent event) {
        return !event.getActor().equals(NOBODY);
    }
}
