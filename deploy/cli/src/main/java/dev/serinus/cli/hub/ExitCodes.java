package dev.serinus.cli.hub;

import java.util.List;

/** How the commands of a hub end. */
final class ExitCodes {

    static final int AS_WISHED = 0;

    /** The answer is no: failed, rolled back, refused. */
    static final int NO = 1;

    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int NOT_ALLOWED = 4;

    /** The hub does not answer, or not as it should. */
    static final int HUB = 5;

    /** Another revision took over. */
    static final int SUPERSEDED = 6;

    static final int WAITS_FOR_A_PERSON = 7;
    static final int TIMED_OUT = 124;

    /** What helps say of them. */
    static final String HELP =
            "%nExit codes: 0 as wished, 1 no (failed, refused), 2 usage, 3 not found, 4 not"
                    + " allowed, 5 the hub does not answer, 6 superseded, 7 waits for a person, 124"
                    + " time-out.";

    /** From what is as wished to what nobody knows. */
    private static final List<Integer> WORSE =
            List.of(
                    AS_WISHED,
                    WAITS_FOR_A_PERSON,
                    SUPERSEDED,
                    NO,
                    NOT_FOUND,
                    USAGE,
                    NOT_ALLOWED,
                    TIMED_OUT,
                    HUB);

    private ExitCodes() {}

    /** The code of several, of which each has its own. */
    static int worse(int one, int other) {
        return WORSE.indexOf(one) >= WORSE.indexOf(other) ? one : other;
    }

    /** Of an answer that is none of what was hoped for. */
    static int of(int status) {
        return switch (status) {
            case 400, 415, 422 -> USAGE;
            case 401, 403 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 409, 412 -> NO;
            default -> status / 100 == 2 ? AS_WISHED : HUB;
        };
    }
}
