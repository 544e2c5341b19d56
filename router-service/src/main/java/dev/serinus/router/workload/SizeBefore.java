package dev.serinus.router.workload;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;

import java.util.OptionalInt;

/**
 * Noted on a primary beside which a canary begins with the pods of a share: how many pods carried
 * all traffic until then. Of a canary that was begun so, it tells what "all" is, whatever became of
 * the primary meanwhile and whatever the Canary says by now.
 */
public final class SizeBefore {

    /** Where it is kept: a number of pods, above 0. */
    static final String ANNOTATION = ClusterObject.OURS + "size-before";

    private SizeBefore() {}

    /** What is noted; empty where nothing is, or no number of pods. */
    public static OptionalInt of(ClusterObject primary) {
        String noted = primary.annotation(ANNOTATION);
        try {
            int size = noted == null ? 0 : Integer.parseInt(noted);
            return size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
        } catch (NumberFormatException somebodyElses) {
            return OptionalInt.empty();
        }
    }

    /** What is to change so that the size is noted that it is to have now. */
    public static Change noted(Target target, ClusterObject primary) {
        int size = Math.max(1, target.kind().desired(primary));
        return new Change(
                primary, primary.edited(edit -> edit.annotate(ANNOTATION, String.valueOf(size))));
    }

    /** What is to change so that nothing is noted. */
    public static Change forgotten(ClusterObject primary) {
        return new Change(
                primary, primary.edited(edit -> edit.withoutAnnotations(ANNOTATION::equals)));
    }
}
