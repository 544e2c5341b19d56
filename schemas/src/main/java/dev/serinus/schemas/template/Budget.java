package dev.serinus.schemas.template;

/**
 * What one rendering may still use. Whoever may write a Canary or a MetricTemplate writes a
 * template, and many of them are rendered side by side: none may take the processor or the memory
 * of the others.
 */
final class Budget {

    /** Characters of a template, of one value, and of the query that comes of it. */
    static final int LONGEST_TEXT = 64 * 1024;

    /** Blocks, else-ifs and parentheses inside each other. */
    static final int DEEPEST = 100;

    /** Texts, actions, operands and rounds of a loop. */
    static final int STEPS = 100_000;

    /** Characters that functions read and write, all together. */
    static final int CHARACTERS = 4 * 1024 * 1024;

    private long steps = STEPS;
    private long characters = CHARACTERS;

    void step(int line) throws RenderException {
        steps(line, 1);
    }

    void steps(int line, int number) throws RenderException {
        steps -= number;
        if (steps < 0) {
            throw new RenderException(
                    line, "the template takes more than " + STEPS + " steps, shorten its loops");
        }
    }

    /** Takes the characters of a value that is read or made. */
    void characters(int line, long number) throws RenderException {
        characters -= number;
        if (characters < 0) {
            throw new RenderException(
                    line,
                    "the template's functions read and write more than "
                            + CHARACTERS
                            + " characters, shorten its loops or values");
        }
    }
}
