package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the target is compared with: revisions as we compute them, and the texts that stand for them
 * in the status (Flagger's own as long as the target is unchanged).
 *
 * @param released what was promoted last in the words of all regions; null where that is not known
 */
public record KnownRevisions(
        @Nullable String applied,
        @Nullable String promoted,
        @Nullable String appliedText,
        @Nullable String promotedText,
        @Nullable Map<String, String> configs,
        @Nullable Map<String, String> promotedConfigs,
        @Nullable List<Promoted> remembered,
        @Nullable Released released) {

    /** As many are remembered as a Canary may ask for, and the present one. */
    private static final int MOST = 21;

    /** Of which none is remembered beyond the present one. */
    KnownRevisions(
            @Nullable String applied,
            @Nullable String promoted,
            @Nullable String appliedText,
            @Nullable String promotedText,
            @Nullable Map<String, String> configs,
            @Nullable Map<String, String> promotedConfigs) {
        this(applied, promoted, appliedText, promotedText, configs, promotedConfigs, null, null);
    }

    static final KnownRevisions NONE = new KnownRevisions(null, null, null, null, null, null);

    public KnownRevisions {
        configs = configs == null ? null : new TreeMap<>(configs);
        promotedConfigs = promotedConfigs == null ? null : new TreeMap<>(promotedConfigs);
        remembered = remembered == null || remembered.isEmpty() ? null : List.copyOf(remembered);
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
        return new KnownRevisions(
                revision, revision, text, text, ofConfigs, ofConfigs, remembered, released);
    }

    /** The same with another revision under analysis. */
    KnownRevisions applied(String revision, @Nullable Map<String, String> ofConfigs) {
        return new KnownRevisions(
                revision,
                promoted,
                revision,
                promotedText,
                ofConfigs,
                promotedConfigs,
                remembered,
                released);
    }

    /** The same, whose pods begin with these. */
    KnownRevisions begunWith(@Nullable Map<String, String> present) {
        return new KnownRevisions(
                applied,
                promoted,
                appliedText,
                promotedText,
                present,
                promotedConfigs,
                remembered,
                released);
    }

    /** What was promoted is what is applied again: its author took the other revision back. */
    KnownRevisions reverted(
            @Nullable Map<String, String> ofConfigs, @Nullable Map<String, String> ofPromoted) {
        return new KnownRevisions(
                promoted,
                promoted,
                promotedText,
                promotedText,
                ofConfigs,
                ofPromoted,
                remembered,
                released);
    }

    /**
     * The same, where configs are known now that were not: those at rest are what was applied, and
     * promoted where that was the same.
     */
    KnownRevisions knowing(@Nullable Map<String, String> present, boolean isPromoted) {
        return new KnownRevisions(
                applied,
                promoted,
                appliedText,
                promotedText,
                configs == null ? present : configs,
                promotedConfigs == null && isPromoted ? present : promotedConfigs,
                remembered,
                released);
    }

    /** What was promoted, the latest first; nothing where no manifest asks for it. */
    List<Promoted> past() {
        return remembered == null ? List.of() : remembered;
    }

    /** The same, before which a promotion of this ended. */
    KnownRevisions remembering(Promoted latest, boolean wanted) {
        if (!wanted) {
            return remembering(List.of());
        }
        // The one that served when the first was promoted: nobody knows since when.
        String serving = past().isEmpty() ? promoted : null;
        var before =
                serving == null ? past() : List.of(new Promoted(serving, promotedConfigs, null));
        return remembering(
                Stream.concat(Stream.of(latest), before.stream().filter(one -> !one.isSame(latest)))
                        .limit(MOST)
                        .toList());
    }

    private KnownRevisions remembering(List<Promoted> past) {
        return new KnownRevisions(
                applied,
                promoted,
                appliedText,
                promotedText,
                configs,
                promotedConfigs,
                past,
                released);
    }

    /** The same, of which this was promoted last. */
    KnownRevisions releasing(@Nullable Released latest) {
        return new KnownRevisions(
                applied,
                promoted,
                appliedText,
                promotedText,
                configs,
                promotedConfigs,
                remembered,
                latest);
    }
}
