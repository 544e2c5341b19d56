package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/**
 * The Canary that an object seems to be made for, or that has it in hand, as far as its notes tell.
 *
 * @param canary name of the Canary that controls it, or by a note has it in hand; null for all
 *     others
 * @param apex for which it is steered, of a route of the user's own; null for all others
 * @param mark the step that last changed it; null when none did
 */
public record MadeFor(@Nullable String canary, @Nullable String apex, @Nullable Mark mark) {

    /** Of an object that is nobody's. */
    public static final MadeFor NOBODY = new MadeFor(null, null, null);

    public static MadeFor of(ClusterObject object) {
        return new MadeFor(
                object.controllingCanary()
                        .orElseGet(() -> object.annotation(TargetKind.RELEASED_BY)),
                object.steeredFor().orElse(null),
                object.mark().orElse(null));
    }

    /**
     * True for what seems to be this Canary's, among the objects of a kind beside it. The collector
     * may have taken the owner away, as it does when a Canary is deleted: then the mark tells.
     */
    public static Predicate<MadeFor> isFor(Canary canary, Kind kind) {
        var meta = canary.getMetadata();
        String name = kind.isNamespaced() ? meta.getName() : Edit.dotted(canary);
        String apex = canary.apex();
        String uid = meta.getUid();
        return it ->
                name.equals(it.canary)
                        || apex.equals(it.apex)
                        || (it.mark != null && !it.mark.canary().isEmpty() && it.mark.isOf(uid));
    }
}
