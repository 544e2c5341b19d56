package dev.serinus.schemas.manifest;

import dev.serinus.schemas.manifest.Finding.Level;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What is found: up to a number in words, and of what is beyond it only how much there is. */
public final class Findings {

    private final int most;
    private final List<Finding> told = new ArrayList<>();
    private final Map<Level, Integer> leftOut = new EnumMap<>(Level.class);

    Findings(int most) {
        this.most = most;
    }

    /** In the order in which they were found. */
    public List<Finding> told() {
        return told;
    }

    /** How many there are of a level, with those that are left out. */
    public int count(Level level) {
        long inWords = told.stream().filter(each -> each.level() == level).count();
        return Math.toIntExact(inWords) + leftOut.getOrDefault(level, 0);
    }

    /** One more; its words are made only where they are told. */
    void add(Level level, Supplier<Finding> words) {
        if (told.size() < most) {
            told.add(words.get());
        } else {
            leftOut.merge(level, 1, Integer::sum);
        }
    }

    void add(Finding finding) {
        add(finding.level(), () -> finding);
    }

    /** As many more as others left out. */
    void addLeftOut(Findings others) {
        others.leftOut.forEach((level, count) -> leftOut.merge(level, count, Integer::sum));
    }
}
