package dev.serinus.loadtester.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A kind of test that a hook may ask for, by {@code metadata.type}. Another one is a file of its
 * own, and a line where all are listed. It says nothing but what is to be done: whose turn it is,
 * what is told, and that the same is not done twice at a time is for all alike.
 */
public interface TaskType {

    /** As a manifest writes it. */
    String title();

    /** Whether a hook waits for its end, or is answered before it ends. */
    boolean isWaitedFor();

    /** Keys of a hook's metadata without which there is nothing to do. */
    default List<String> needs() {
        return List.of();
    }

    /** What of a hook's metadata says what is run: all but what is said of any task. */
    default Map<String, String> settings(Map<String, String> metadata) {
        Map<String, String> settings = new TreeMap<>(metadata);
        List.of("type", "returnCmdOutput", "logCmdOutput").forEach(settings::remove);
        return settings;
    }

    /** What there is to do; nothing is begun yet. */
    Work work(Task task) throws Unusable;

    /** What a hook is told of one that did not pass. */
    default String failure(Task task, Ended how) {
        return title()
                + " failed: "
                + how.because()
                + (how.output().isEmpty() ? "" : "\n" + how.output());
    }

    /** Something is wrong with a hook's metadata. */
    final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        /** With all that is wrong, each by its path. */
        public Unusable(List<String> problems) {
            super(String.join("; ", problems));
        }

        public Unusable(String problem) {
            this(List.of(problem));
        }
    }
}
