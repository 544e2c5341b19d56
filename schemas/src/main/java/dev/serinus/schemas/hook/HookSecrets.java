package dev.serinus.schemas.hook;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Which Secrets a hook may name for its headers. */
public final class HookSecrets {

    /**
     * Who may write Canaries need not be one who may read Secrets: without it, any Secret of the
     * namespace could be sent anywhere.
     */
    public static final String LABEL = "serinus.dev/webhook-headers";

    private HookSecrets() {}

    /** Whether a Secret with these labels says that hooks may be told it. */
    public static boolean mayBeTold(@Nullable Map<String, String> labels) {
        return labels != null && "true".equals(labels.get(LABEL));
    }
}
