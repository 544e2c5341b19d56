package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The Canary that an object seems to be made for, or that has it in hand, as far as its notes tell.
 *
 * @param canary name of the Canary that controls it, or by a note has it in hand; null for all
 *     others
 * @param apex for which it is steered, of a route of the user's own; null for all others
 * @param uid of the Canary whose step last changed it; null when none did
 */
public record MadeFor(@Nullable String canary, @Nullable String apex, @Nullable String uid) {

    /** Of an object that is nobody's. */
    public static final MadeFor NOBODY = new MadeFor(null, null, null);

    public static MadeFor of(ClusterObject object) {
        return new MadeFor(
                object.controllingCanary()
                        .orElseGet(() -> object.annotation(TargetKind.RELEASED_BY)),
                object.steeredFor().orElse(null),
                object.mark().map(Mark::canary).filter(it -> !it.isEmpty()).orElse(null));
    }

    /** What an object carries of this, each as one text. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(3);
        if (canary != null) {
            notes.add(ofName(canary));
        }
        if (apex != null) {
            notes.add(ofApex(apex));
        }
        if (uid != null) {
            notes.add(ofUid(uid));
        }
        return notes;
    }

    /**
     * The texts of which an object of a kind carries one when it seems to be this Canary's. The
     * collector may have taken the owner away, as it does when a Canary is deleted: then the mark
     * tells.
     */
    static List<String> notes(Canary canary, Kind kind) {
        var meta = canary.getMetadata();
        return List.of(
                ofName(kind.isNamespaced() ? meta.getName() : Edit.dotted(canary)),
                ofApex(canary.apex()),
                ofUid(meta.getUid()));
    }

    private static String ofName(String canary) {
        return "canary " + canary;
    }

    private static String ofApex(String apex) {
        return "apex " + apex;
    }

    private static String ofUid(String uid) {
        return "uid " + uid;
    }
}
