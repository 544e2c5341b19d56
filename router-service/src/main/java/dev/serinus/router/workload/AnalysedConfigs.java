package dev.serinus.router.workload;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.config.ConfigRef;
import dev.serinus.schemas.config.ConfigTracking;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/**
 * The contents of ConfigMaps and Secrets that were analysed: no others are promoted.
 *
 * @param checksums as {@link ConfigTracking#checksum} has them, by {@link ConfigRef#label}; null
 *     where nobody says, so that any may be promoted
 */
public record AnalysedConfigs(@Nullable Map<String, String> checksums) {

    /** Nobody says which. */
    public static final AnalysedConfigs ANY = new AnalysedConfigs(null);

    public AnalysedConfigs {
        checksums = checksums == null ? null : Map.copyOf(checksums);
    }

    /**
     * Refuses a tracked config that was edited or made since. One that is gone has no content to
     * compare, and is no edit to those who watch it either.
     */
    void refuseOther(ConfigRef config, ClusterObject found) {
        if (checksums == null) {
            return;
        }
        String analysed = checksums.get(config.label());
        if (!ConfigTracking.checksum(found.at("/data")).equals(analysed)) {
            throw Refusal.changed(
                    "%s %s %s since its target was analysed"
                            .formatted(
                                    config.kind().name().toLowerCase(Locale.ROOT),
                                    found.ref().dotted(),
                                    analysed == null ? "was made" : "was edited"));
        }
    }
}
