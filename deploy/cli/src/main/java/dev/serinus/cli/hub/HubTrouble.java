package dev.serinus.cli.hub;

/** A command ends here, with words for people and a code for scripts. */
final class HubTrouble extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    HubTrouble(int code, String words) {
        super(words);
        this.code = code;
    }

    int code() {
        return code;
    }
}
