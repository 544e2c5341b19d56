package dev.serinus.schemas.hook;

import java.util.List;

/** What a manifest may write between two braces in a hook's url, metadata and headers. */
public final class HookFactNames {

    /** Each is the name of a field of {@code serinus.dev/rollout} too. */
    public static final List<String> ALL =
            List.of("canaryWeight", "primaryWeight", "iteration", "phase", "revision", "run");

    private HookFactNames() {}
}
