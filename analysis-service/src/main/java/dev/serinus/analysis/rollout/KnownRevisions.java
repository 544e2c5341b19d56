package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the target is compared with: revisions as we compute them, and the texts that stand for them
 * in the status (Flagger's own as long as the target is unchanged).
 */
public record KnownRevisions(
        @Nullable String applied,
        @Nullable String promoted,
        @Nullable String appliedText,
        @Nullable String promotedText,
        @Nullable Map<String, String> configs,
        @Nullable Map<String, String> promotedConfigs) {

    static final KnownRevisions NONE = new KnownRevisions(null, null, null, null, null, null);

    public KnownRevisions {
        configs = configs == null ? null : new TreeMap<>(configs);
        promotedConfigs = promotedConfigs == null ? null : new TreeMap<>(promotedConfigs);
    }

    /** A revision that was applied and promoted, with the configs it was promoted with. */
    static KnownRevisions of(String revision, @Nullable Map<String, String> configs) {
        return new KnownRevisions(revision, revision, revision, revision, configs, configs);
    }

    /**
     * This revision was promoted, with these configs. The text that stood for it while it was under
     * analysis goes on to do so: it may be Flagger's.
     */
    KnownRevisions promoted(String revision, @Nullable Map<String, String> ofConfigs) {
        String text = revision.equals(applied) && appliedText != null ? appliedText : revision;
        return new KnownRevisions(revision, revision, text, text, ofConfigs, ofConfigs);
    }

    /** The same with another revision under analysis. */
    KnownRevisions applied(String revision, @Nullable Map<String, String> ofConfigs) {
        return new KnownRevisions(
                revision, promoted, revision, promotedText, ofConfigs, promotedConfigs);
    }

    /** What was promoted is what is applied again: its author took the other revision back. */
    KnownRevisions reverted(
            @Nullable Map<String, String> ofConfigs, @Nullable Map<String, String> ofPromoted) {
        return new KnownRevisions(
                promoted, promoted, promotedText, promotedText, ofConfigs, ofPromoted);
    }
}
