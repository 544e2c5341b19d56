package dev.serinus.demo;

import java.time.Duration;
import java.util.List;

/**
 * One part of the story and how it went.
 *
 * @param found what was found at its end, for the summary
 * @param wrong what is not as it should be; empty when all went well
 */
record ReleaseDemo(String title, Duration took, List<String> found, List<String> wrong) {

    ReleaseDemo {
        found = List.copyOf(found);
        wrong = List.copyOf(wrong);
    }

    boolean wentWell() {
        return wrong.isEmpty();
    }
}
