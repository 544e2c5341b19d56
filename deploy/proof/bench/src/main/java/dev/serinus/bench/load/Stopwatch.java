package dev.serinus.bench.load;

import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures from the last fact that was told about a canary to the router command it brought. One
 * question of a canary is open at a time, so that a command's cause is the fact told last; but for
 * the end of the drain, which the clock brings and which is not measured.
 */
public final class Stopwatch {

    /** One measurement, in nanoseconds. */
    public record Sample(LastNeededFact cause, long nanos) {}

    private record Told(LastNeededFact cause, long at) {}

    private final Map<CanaryKey, Told> told = new ConcurrentHashMap<>();
    private List<Sample> samples = new ArrayList<>(); // guarded by this
    private long commands; // guarded by this

    /** A fact is about to be given to the producer. */
    void told(CanaryKey canary, LastNeededFact cause, long now) {
        told.put(canary, new Told(cause, now));
    }

    /** A command is in the hands of its handler. */
    void commanded(CanaryKey canary, RouterCommand command, long now) {
        Told last = told.remove(canary);
        synchronized (this) {
            commands++;
            if (last != null && !isBroughtByTheClock(command)) {
                samples.add(new Sample(last.cause(), now - last.at()));
            }
        }
    }

    private static boolean isBroughtByTheClock(RouterCommand command) {
        return command.getAction() == RouterAction.SCALE && !command.getTargetRunning();
    }

    /** What was measured since this was asked last. */
    public synchronized List<Sample> take() {
        var taken = samples;
        samples = new ArrayList<>();
        return taken;
    }

    /** Router commands so far, those included that are not measured. */
    public synchronized long commands() {
        return commands;
    }
}
