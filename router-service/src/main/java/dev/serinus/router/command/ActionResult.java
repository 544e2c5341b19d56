package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.Affinity;
import dev.serinus.router.route.Split;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What was done about an order.
 *
 * @param read the split that was read back; null when none was read
 * @param written the objects that were changed, as the server showed them afterwards
 * @param revision the revision that was copied; empty when none was
 * @param cookies what the route does about cookies; null when none was read or asked for
 * @param but what could not be done besides, and why; empty when all was
 * @param withdrawn whether something that is asked for no more was led to the primary and is yet to
 *     be given back
 */
public record ActionResult(
        @Nullable Split read,
        List<ClusterObject> written,
        String revision,
        Affinity.@Nullable Shown cookies,
        String but,
        boolean withdrawn) {

    public ActionResult {
        written = List.copyOf(written);
    }

    static ActionResult writing(List<ClusterObject> written) {
        return new ActionResult(null, written, "", null, "", false);
    }

    ActionResult and(List<ClusterObject> more) {
        var all = new ArrayList<>(written);
        all.addAll(more);
        return new ActionResult(read, all, revision, cookies, but, withdrawn);
    }

    /** With what was led to the primary and is asked for no more. */
    ActionResult withdrawing(List<ClusterObject> former) {
        var all = and(former);
        return new ActionResult(
                read, all.written, revision, cookies, but, withdrawn || !former.isEmpty());
    }

    /** All of it, what was done before and what was done last. */
    ActionResult after(ActionResult before) {
        var all = new ArrayList<>(before.written);
        all.addAll(written);
        return new ActionResult(
                read == null ? before.read : read,
                all,
                revision.isEmpty() ? before.revision : revision,
                cookies == null ? before.cookies : cookies,
                but.isEmpty() ? before.but : but,
                withdrawn || before.withdrawn);
    }

    ActionResult reading(Split split) {
        return new ActionResult(split, written, revision, cookies, but, withdrawn);
    }

    ActionResult copying(String copied) {
        return new ActionResult(read, written, copied, cookies, but, withdrawn);
    }

    ActionResult showing(Affinity.@Nullable Shown shown) {
        return new ActionResult(read, written, revision, shown, but, withdrawn);
    }

    ActionResult but(String sentence) {
        return new ActionResult(read, written, revision, cookies, sentence, withdrawn);
    }
}
