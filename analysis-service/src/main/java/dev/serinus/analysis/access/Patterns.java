package dev.serinus.analysis.access;

import java.util.List;
import java.util.stream.Stream;

/** Texts in which * stands for any characters. */
public final class Patterns {

    private Patterns() {}

    /** True where one of them describes the text. */
    public static boolean match(List<String> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, text));
    }

    /** Part by part, from the left: no pattern takes longer than its text times its stars. */
    static boolean matches(String pattern, String text) {
        List<String> parts = Stream.of(pattern.split("\\*", -1)).toList();
        if (parts.size() == 1) {
            return pattern.equals(text);
        }
        String first = parts.getFirst();
        String last = parts.getLast();
        if (!text.startsWith(first)
                || !text.endsWith(last)
                || text.length() < first.length() + last.length()) {
            return false;
        }
        int end = text.length() - last.length();
        int at = first.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = text.indexOf(part, at);
            if (found < 0 || found + part.length() > end) {
                return false;
            }
            at = found + part.length();
        }
        return true;
    }
}
