package dev.serinus.loadtester.task;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What tasks, and commands among them, may use.
 *
 * @param timeout the longest a task may take
 * @param mostAtOnce tasks that run together and that hooks wait for
 * @param mostLoads other tasks that run together
 * @param mostWaiting tasks that run or wait for their turn
 * @param mostOutput bytes of its output that are kept of each
 * @param patience how long a hook that waits for its task's end lets it wait for its turn
 * @param environment all that a command finds in its environment but for whose it is
 * @param directory where commands start
 */
public record Limits(
        Duration timeout,
        int mostAtOnce,
        int mostLoads,
        int mostWaiting,
        int mostOutput,
        Duration patience,
        Map<String, String> environment,
        Path directory) {

    public Limits {
        environment = Map.copyOf(environment);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.timeout must be above zero, was " + timeout);
        }
        if (mostAtOnce < 1) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.most-at-once must be 1 or more, was " + mostAtOnce);
        }
        if (mostLoads < 1) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.most-loads must be 1 or more, was " + mostLoads);
        }
        if (mostWaiting < mostAtOnce + (long) mostLoads) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.most-waiting must not be below most-at-once and most-loads"
                            + " together, was "
                            + mostWaiting);
        }
        if (mostOutput < 1024 || mostOutput > 16 * 1024 * 1024) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.most-output must be 1024 to 16777216, was " + mostOutput);
        }
    }

    /** Leaves out the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "Limits[timeout=%s, mostAtOnce=%d, mostLoads=%d, mostWaiting=%d, mostOutput=%d]"
                .formatted(timeout, mostAtOnce, mostLoads, mostWaiting, mostOutput);
    }
}
