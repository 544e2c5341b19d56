package dev.serinus.analysis.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.records.RolloutJson;

import java.nio.charset.StandardCharsets;

/**
 * How what is kept of a canary is written: as JSON, with the version of its form. What an earlier
 * release wrote is read, one step for each version; what a later one wrote is refused.
 */
public final class StoredFormat {

    /**
     * The form that is written now. Raise it when the form changes, and add how to read the one
     * before.
     */
    static final int VERSION = 1;

    private static final String FIELD = "version";

    private StoredFormat() {}

    public static byte[] write(StoredRollout kept) {
        ObjectNode tree = RolloutJson.tree(kept);
        tree.put(FIELD, VERSION);
        return RolloutJson.write(tree);
    }

    /**
     * Reads it.
     *
     * @throws IllegalStateException if a later release wrote it, or nobody of us
     */
    public static StoredRollout read(byte[] json) {
        ObjectNode tree = RolloutJson.tree(json);
        int version = tree.path(FIELD).asInt(0);
        return switch (version) {
            case 0 -> RolloutJson.read(Version0.upgraded(tree), StoredRollout.class);
            case VERSION -> RolloutJson.read(tree, StoredRollout.class);
            default ->
                    throw new IllegalStateException(
                            "a canary is kept in form %d, and this release reads up to %d: %s"
                                    .formatted(
                                            version,
                                            VERSION,
                                            new String(json, StandardCharsets.UTF_8)));
        };
    }
}
