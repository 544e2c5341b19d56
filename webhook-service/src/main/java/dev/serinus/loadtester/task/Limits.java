package dev.serinus.loadtester.task;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.shell.SettingProblems;

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
        new SettingProblems()
                .unless(
                        timeout.isPositive(),
                        "SERINUS_LOADTESTER_TIMEOUT (-timeout) must be above zero, was "
                                + Durations.print(timeout))
                .unless(
                        mostAtOnce >= 1,
                        "SERINUS_LOADTESTER_MOST_AT_ONCE must be 1 or more, was " + mostAtOnce)
                .unless(
                        mostLoads >= 1,
                        "SERINUS_LOADTESTER_MOST_LOADS must be 1 or more, was " + mostLoads)
                .unless(
                        mostWaiting >= mostAtOnce + (long) mostLoads,
                        "SERINUS_LOADTESTER_MOST_WAITING must not be below"
                                + " SERINUS_LOADTESTER_MOST_AT_ONCE and"
                                + " SERINUS_LOADTESTER_MOST_LOADS together, was "
                                + mostWaiting)
                .unless(
                        mostOutput >= 1024 && mostOutput <= 16 * 1024 * 1024,
                        "SERINUS_LOADTESTER_MOST_OUTPUT must be 1024 to 16777216, was "
                                + mostOutput)
                .unless(
                        !patience.isNegative(),
                        "SERINUS_LOADTESTER_PATIENCE must not be negative, was "
                                + Durations.print(patience))
                .refuse();
    }

    /** Leaves out the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "Limits[timeout=%s, mostAtOnce=%d, mostLoads=%d, mostWaiting=%d, mostOutput=%d]"
                .formatted(timeout, mostAtOnce, mostLoads, mostWaiting, mostOutput);
    }
}
