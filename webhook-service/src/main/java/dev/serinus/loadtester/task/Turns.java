package dev.serinus.loadtester.task;

import dev.serinus.schemas.outgoing.CallSlots;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whose task may begin. Tests, for which hooks wait, and loads have turns of their own, since a
 * load may take an hour and a hook waits for seconds. Of each a namespace has a half at most, so
 * that nobody's tasks keep those of all others from beginning.
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
     * Why a task may not join these, which run or wait; empty when it may. A load is told at once:
     * nobody would hear of it later.
     */
    Optional<String> refusal(Task task, Collection<Task> running) {
        List<Task> others =
                running.stream()
                        // The one that this takes the place of leaves its own.
                        .filter(each -> !each.equals(task))
                        .toList();
        if (isFull(others, limits.mostWaiting(), task)) {
            return Optional.of(told("tasks run or wait", others, task));
        }
        List<Task> loads = others.stream().filter(each -> !each.type().isWaitedFor()).toList();
        if (!task.type().isWaitedFor() && isFull(loads, limits.mostLoads(), task)) {
            return Optional.of(told("tasks that no hook waits for run", loads, task));
        }
        return Optional.empty();
    }

    private static boolean isFull(List<Task> those, int most, Task task) {
        return those.size() >= most || ofNamespace(those, task) >= share(most);
    }

    private static String told(String what, List<Task> those, Task task) {
        return "%d %s, %d of them of this namespace"
                .formatted(those.size(), what, ofNamespace(those, task));
    }

    private static long ofNamespace(List<Task> those, Task task) {
        return those.stream().filter(it -> it.namespace().equals(task.namespace())).count();
    }

    /** Waits for the turn of a test; false when none came in time. */
    boolean await(Task task) throws InterruptedException {
        return !task.type().isWaitedFor() || tests.enter(task.owner(), limits.patience());
    }

    /** Gives the turn of a test back. */
    void leave(Task task) {
        if (task.type().isWaitedFor()) {
            tests.leave(task.owner());
        }
    }
}
