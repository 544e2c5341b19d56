package dev.serinus.loadtester.command;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a command that no shell reads, by a shell's rules for quotes, and for backslashes
 * before blanks, quotes and backslashes; nothing is expanded. Flagger splits at blanks only, so
 * that a quoted word arrives in pieces.
 */
final class Words {

    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private char quote;

    private Words() {}

    /** A quote that is not closed is an {@link IllegalArgumentException}. */
    static List<String> of(String line) {
        return new Words().read(line);
    }

    private List<String> read(String line) {
        for (int at = 0; at < line.length(); at++) {
            char each = line.charAt(at);
            boolean escapes =
                    each == '\\' && quote != '\'' && at + 1 < line.length() && isEscaped(line, at);
            if (escapes) {
                at++;
                add(line.charAt(at));
            } else if (quote != 0) {
                closeOrAdd(each);
            } else if (each == '"' || each == '\'') {
                quote = each;
                inWord = true;
            } else if (Character.isWhitespace(each)) {
                end();
            } else {
                add(each);
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote in cmd is not closed: " + quote);
        }
        end();
        return List.copyOf(words);
    }

    /**
     * A backslash is one of the text unless what it stands before means something here: helm and
     * kubectl have backslashes of their own, as in {@code labels.kubernetes\.io}.
     */
    private boolean isEscaped(String line, int at) {
        char next = line.charAt(at + 1);
        return quote == 0
                ? Character.isWhitespace(next) || "\"'\\".indexOf(next) >= 0
                : "\"\\$`".indexOf(next) >= 0;
    }

    private void closeOrAdd(char each) {
        if (each == quote) {
            quote = 0;
        } else {
            add(each);
        }
    }

    private void add(char each) {
        word.append(each);
        inWord = true;
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
