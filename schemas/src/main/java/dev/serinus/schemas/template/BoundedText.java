package dev.serinus.schemas.template;

/** A text in the making that refuses to grow beyond what a value may have. */
final class BoundedText {

    private final StringBuilder text = new StringBuilder();

    /** Adds a piece; an {@link IllegalArgumentException} says that the text would be too long. */
    BoundedText append(String piece) {
        if (text.length() + piece.length() > Budget.LONGEST_TEXT) {
            throw new IllegalArgumentException(
                    "a value is longer than " + Budget.LONGEST_TEXT + " characters");
        }
        text.append(piece);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
