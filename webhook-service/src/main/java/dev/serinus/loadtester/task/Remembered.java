package dev.serinus.loadtester.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The runs that one can ask for: all that have not ended, and of those that have so many of the
 * last. For one thread at a time.
 */
final class Remembered {

    private final int most;
    private final Deque<Run> runs = new ArrayDeque<>();
    private final Map<String, Run> byId = new HashMap<>();
    private final Map<String, Run> byQuestion = new HashMap<>();

    Remembered(int most) {
        this.most = most;
    }

    void add(Run run) {
        runs.addLast(run);
        byId.put(run.id(), run);
        if (!run.question().isEmpty()) {
            byQuestion.put(run.question(), run);
        }
    }

    /** To be called when one has ended. */
    void forget() {
        Map<String, List<Run>> ended =
                runs.stream()
                        .filter(run -> run.ended().isPresent())
                        .collect(Collectors.groupingBy(run -> run.task().namespace()));
        int count = ended.values().stream().mapToInt(List::size).sum();
        for (; count > most; count--) {
            drop(oldestOfMost(ended));
        }
    }

    /** Of the namespace with the most: somebody's many do not drive out the few of others. */
    private static Run oldestOfMost(Map<String, List<Run>> ended) {
        List<Run> longest = List.of();
        for (List<Run> each : ended.values()) {
            longest = each.size() > longest.size() ? each : longest;
        }
        return longest.removeFirst();
    }

    private void drop(Run run) {
        runs.remove(run);
        byId.remove(run.id());
        byQuestion.remove(run.question(), run);
    }

    Optional<Run> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The run that was asked for by this call of a hook. */
    Optional<Run> ofQuestion(String question) {
        return Optional.ofNullable(byQuestion.get(question));
    }

    /** The last first. */
    List<Run> all() {
        return new ArrayList<>(runs).reversed();
    }
}
