package dev.serinus.analysis.letter;

import org.jspecify.annotations.Nullable;

/** What the record in a letter says, as far as it can be read by now. */
public sealed interface LetterContent {

    /**
     * It can be read.
     *
     * @param json all of it
     * @param canary that the record says it is about; null where it names none
     */
    record Decoded(String json, @Nullable String canary) implements LetterContent {}

    /**
     * It cannot: it has bytes that say nothing.
     *
     * @param type what is on its topic, such as {@code Change}; ? where that is not known
     */
    record Unreadable(String type, String because) implements LetterContent {}

    /** It has no value. */
    record Empty() implements LetterContent {}
}
