package dev.serinus.loadtester.command;

import dev.serinus.schemas.outgoing.CallSlots;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whose command may begin. Tests, for which hooks wait, and loads have turns of their own, since a
 * load may take an hour and a hook waits for seconds. Of each a namespace has a half at most, so
 * that nobody's commands keep those of all others from beginning.
 */
final class Turns {

    private final Limits limits;
    private final CallSlots tests;

    Turns(Limits limits) {
        this.limits = limits;
        int ofNamespace = share(limits.mostAtOnce());
        this.tests = new CallSlots(limits.mostAtOnce(), ofNamespace, ofNamespace);
    }

    private static int share(int of) {
        return Math.max(1, of / 2);
    }

    /**
     * Why a command may not join these, which run or wait; empty when it may. A load is told at
     * once: nobody would hear of it later.
     */
    Optional<String> refusal(Command command, Collection<Command> running) {
        List<Command> others =
                running.stream()
                        // The one that this takes the place of leaves its own.
                        .filter(each -> !each.equals(command))
                        .toList();
        if (isFull(others, limits.mostWaiting(), command)) {
            return Optional.of(told("commands run or wait", others, command));
        }
        List<Command> loads = others.stream().filter(each -> !each.type().isWaitedFor()).toList();
        if (!command.type().isWaitedFor() && isFull(loads, limits.mostLoads(), command)) {
            return Optional.of(told("commands of type cmd run", loads, command));
        }
        return Optional.empty();
    }

    private static boolean isFull(List<Command> those, int most, Command command) {
        return those.size() >= most || ofNamespace(those, command) >= share(most);
    }

    private static String told(String what, List<Command> those, Command command) {
        return "%d %s, %d of them of this namespace"
                .formatted(those.size(), what, ofNamespace(those, command));
    }

    private static long ofNamespace(List<Command> those, Command command) {
        return those.stream().filter(it -> it.namespace().equals(command.namespace())).count();
    }

    /** Waits for the turn of a test; false when none came in time. */
    boolean await(Command command) throws InterruptedException {
        return !command.type().isWaitedFor() || tests.enter(owner(command), limits.patience());
    }

    /** Gives the turn of a test back. */
    void leave(Command command) {
        if (command.type().isWaitedFor()) {
            tests.leave(owner(command));
        }
    }

    private static CanaryKey owner(Command command) {
        return new CanaryKey("any", orNobody(command.namespace()), orNobody(command.name()));
    }

    /** Flagger's load tester takes commands that are of no canary. */
    private static String orNobody(String name) {
        return name.isBlank() ? "nobody" : name.replace('/', '_');
    }
}
