package dev.serinus.schemas.template;

/** A template that cannot be read or rendered; the message tells its author what is wrong where. */
public final class RenderException extends Exception {
    private static final long serialVersionUID = 1L;

    RenderException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
