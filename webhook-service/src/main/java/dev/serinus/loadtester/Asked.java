package dev.serinus.loadtester;

/**
 * A request as far as anything of it is looked at.
 *
 * @param question the same for the same call of a hook, by its header {@code webhook-id}; empty
 *     where there is none
 * @param deferrable whether the caller would rather ask again than wait, by its header {@code
 *     Prefer: respond-async}
 */
record Asked(String method, String path, String body, String question, boolean deferrable) {

    boolean isGet() {
        return method.equals("GET");
    }

    /** Leaves out the body, which may hold secrets. */
    @Override
    public String toString() {
        return "Asked[" + method + " " + path + "]";
    }
}
