package dev.serinus.dataplane.cluster;

import java.util.Collections;
import java.util.List;

/**
 * What goes to an application's canary.
 *
 * @param percent of those for whom no condition holds
 * @param most the most that any rule has, such as 100 for those who meet a condition
 */
public record Shares(int percent, int most) {

    /** Of rules, the one for everybody last. */
    public static Shares of(List<Integer> percents) {
        return new Shares(percents.getLast(), Collections.max(percents));
    }
}
