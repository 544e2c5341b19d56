package dev.serinus.schemas.manifest;

import java.util.Locale;

/**
 * One thing to say about a manifest.
 *
 * @param line from 1
 * @param rule what kind of thing it is, one word
 * @param about the resource; empty where a file has none
 * @param path of the field; empty where it is about none
 * @param words with the path of the field first, where it is about one
 */
public record Finding(
        Level level, String file, int line, String rule, String about, String path, String words) {

    private static final int LONGEST_PATH = 500;
    private static final int LONGEST_WORDS = 2_000;
    private static final int LONGEST_QUOTE = 200;

    public Finding {
        path = cut(path, LONGEST_PATH);
        words = cut(words, LONGEST_WORDS);
    }

    /** What is quoted of a manifest: it stands there, and a finding has but to be recognized. */
    static String cut(String quoted) {
        return cut(quoted, LONGEST_QUOTE);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }

    /** How much it matters. */
    public enum Level {
        /** It is refused, or never passes. */
        ERROR,
        /** It works otherwise than its author may think. */
        WARNING,
        /** It is worth knowing, or cannot be known from these files. */
        NOTE;

        /** As SARIF and people call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding error(String file, int line, String rule, String about, String words) {
        return new Finding(Level.ERROR, file, line, rule, about, "", words);
    }

    public boolean isError() {
        return level == Level.ERROR;
    }

    /** The words without the path that they begin with. */
    public String detail() {
        return !path.isEmpty() && words.startsWith(path + " ")
                ? words.substring(path.length() + 1)
                : words;
    }

    /** A line as compilers print them, which editors know how to open. */
    public String text() {
        return "%s:%d: %s: %s%s"
                .formatted(file, line, level.word(), about.isEmpty() ? "" : about + ": ", words);
    }
}
