package dev.serinus.schemas.template;

/** A piece of a template. */
record Token(Kind kind, String text, int line) {

    enum Kind {
        /** Outside of braces. */
        TEXT,
        /** The end of an action. */
        CLOSE,
        WORD,
        /** A dot and a name that begin an operand: of the dot. */
        FIELD,
        /** A dot and a name right behind an operand: of its value. */
        CHAINED,
        DOT,
        /** A dollar sign and perhaps a name. */
        VARIABLE,
        STRING,
        NUMBER,
        PIPE,
        OPEN_PAREN,
        CLOSE_PAREN,
        DECLARE,
        ASSIGN,
        COMMA,
        END
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }
}
