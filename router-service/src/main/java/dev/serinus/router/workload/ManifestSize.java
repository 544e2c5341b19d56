package dev.serinus.router.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;

import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;

/**
 * How many pods the manifest of a promoted target asks for, where they are fewer than the primary
 * has, or others where the canary was given those of a share. It is noted on the primary with the
 * promotion, and counts once that run ends: until then the primary may need all that it has.
 */
public final class ManifestSize {

    /** On a primary: the number of pods, above 0, and the run that promoted it. */
    static final String ANNOTATION = ClusterObject.OURS + "size-after";

    /** On a target with pods: how many it was given here, which its manifest does not ask for. */
    private static final String BEGUN = ClusterObject.OURS + "begun-with";

    /** On a target that was given the pods of a share: how many its manifest asked for. */
    private static final String ASKED = ClusterObject.OURS + "asked-size";

    private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the API server makes of a manifest that says nothing. */
    private static final int DEFAULT = 1;

    private ManifestSize() {}

    /** A target that is given its pods here. */
    public static ClusterObject begun(ReleaseTarget kind, ClusterObject target) {
        return kind.isSized()
                ? target.edited(edit -> edit.annotate(BEGUN, String.valueOf(kind.desired(target))))
                : target;
    }

    /** A target that is given the pods of a share, whatever its manifest asks for. */
    public static ClusterObject shared(ReleaseTarget kind, ClusterObject target, int pods) {
        int size = kind.desired(target);
        boolean isOwn = size > 0 && isOwn(target, size);
        return begun(kind, kind.scaledUp(target, pods))
                .edited(
                        edit -> {
                            if (isOwn) {
                                edit.annotate(ASKED, String.valueOf(size));
                            }
                        });
    }

    /** A target without pods. */
    public static ClusterObject ended(ClusterObject target) {
        return target.edited(edit -> edit.withoutAnnotations(ManifestSize::isOnTarget));
    }

    /** True for what is noted on a target with pods. */
    public static boolean isOnTarget(String annotation) {
        return annotation.equals(BEGUN) || annotation.equals(ASKED);
    }

    /**
     * The same promotion, with what the manifest of the target asks for noted on the primary. Where
     * the target has the size that it was given here, the pods of a share, or 1 as one of whose
     * size nobody has said anything, nobody can tell.
     *
     * @param target of which the size can be chosen
     */
    public static Change promoted(Target target, Change promotion, long run) {
        var primary = promotion.desired();
        var kind = target.kind();
        int now = kind.desired(target.object());
        var asked = size(target.object().annotation(ASKED));
        int size = asked.orElse(now);
        boolean isOwn = SizeBefore.of(primary).isEmpty() && isOwn(target.object(), now);
        boolean counts =
                asked.isPresent()
                        ? size != kind.desired(primary)
                        : isOwn && size > 0 && size < kind.desired(primary);
        return new Change(
                promotion.live(),
                primary.edited(
                        edit -> {
                            edit.withoutAnnotations(ANNOTATION::equals);
                            if (counts) {
                                edit.annotate(ANNOTATION, size + " " + run);
                            }
                        }));
    }

    /** True for a size that it was not given here, and that its manifest may have said. */
    private static boolean isOwn(ClusterObject target, int size) {
        return !String.valueOf(size).equals(target.annotation(BEGUN)) && isSaid(target, size);
    }

    /** True when a manifest may have said so; what kubectl applied tells for certain. */
    private static boolean isSaid(ClusterObject target, int size) {
        String applied = target.annotation(APPLIED);
        if (applied == null) {
            return size != DEFAULT;
        }
        try {
            return JSON.readTree(applied).at("/spec/replicas").asInt() == size;
        } catch (JsonProcessingException unknown) {
            return false;
        }
    }

    /** What this run has noted; empty where it has nothing, or no number of pods. */
    public static OptionalInt of(ClusterObject primary, long run) {
        String noted = primary.annotation(ANNOTATION);
        String own = " " + run;
        return noted == null || !noted.endsWith(own)
                ? OptionalInt.empty()
                : size(noted.substring(0, noted.length() - own.length()));
    }

    /** A number of pods above 0; empty where it is none. */
    private static OptionalInt size(@Nullable String noted) {
        try {
            int size = noted == null ? 0 : Integer.parseInt(noted);
            return size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
        } catch (NumberFormatException somebodyElses) {
            return OptionalInt.empty();
        }
    }

    /** The primary with so many pods, and nothing noted. */
    public static ClusterObject reached(ReleaseTarget kind, ClusterObject primary, int size) {
        var sized = kind.desired(primary) == size ? primary : kind.scaledUp(primary, size);
        return sized.edited(edit -> edit.withoutAnnotations(ANNOTATION::equals));
    }
}
