package dev.serinus.schemas.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Words that somebody may have meant. */
final class Slips {

    private static final int MOST = 2;

    private Slips() {}

    /** The nearest word, where so few letters are wrong that it may be meant. */
    static Optional<String> nearest(String written, Collection<String> known) {
        return known.stream()
                .filter(name -> Math.abs(name.length() - written.length()) <= MOST)
                .filter(name -> of(written, name) <= MOST)
                .min(Comparator.comparingInt(name -> of(written, name)));
    }

    /** How many letters are wrong, missing or too many; the case of letters is none. */
    private static int of(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                boolean same =
                        Character.toLowerCase(one.charAt(i - 1))
                                == Character.toLowerCase(other.charAt(j - 1));
                row[j] =
                        Math.min(
                                Math.min(row[j - 1], before[j]) + 1,
                                before[j - 1] + (same ? 0 : 1));
            }
            before = row;
        }
        return before[other.length()];
    }
}
