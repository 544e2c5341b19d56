package dev.serinus.schemas.manifest;

import org.yaml.snakeyaml.error.Mark;

/** There is more than is read; what stands before it is read all the same. */
final class TooMuch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Mark at;

    TooMuch(Mark at, String message) {
        super(message);
        this.at = at;
    }

    /** Where it begins. */
    Mark at() {
        return at;
    }
}
