package dev.serinus.loadtester.task;

import java.time.Duration;

/**
 * How much longer a run may take.
 *
 * @param time zero or less when its time is over
 * @param limit what ends it then, as it is told, such as {@code after 20s
 *     (SERINUS_LOADTESTER_TIMEOUT)}
 */
public record TimeLeft(Duration time, String limit) {

    public boolean isOver() {
        return !time.isPositive();
    }
}
