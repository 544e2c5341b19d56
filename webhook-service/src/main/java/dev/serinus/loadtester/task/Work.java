package dev.serinus.loadtester.task;

import java.io.IOException;

/** What a task does once its turn has come. */
@FunctionalInterface
public interface Work {

    /**
     * Does it to its end, or to that of its time, and says how it ended. The run says who it is
     * for, and is told how it can be stopped ({@link Run#began}).
     */
    Ended play(Run run, Limits limits) throws IOException, InterruptedException;
}
