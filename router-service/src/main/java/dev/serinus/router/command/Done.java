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
 */
public record Done(
        @Nullable Split read,
        List<ClusterObject> written,
        String revision,
        Affinity.@Nullable Shown cookies) {

    public Done {
        written = List.copyOf(written);
    }

    static Done writing(List<ClusterObject> written) {
        return new Done(null, written, "", null);
    }

    Done and(List<ClusterObject> more) {
        var all = new ArrayList<>(written);
        all.addAll(more);
        return new Done(read, all, revision, cookies);
    }

    Done reading(Split split) {
        return new Done(split, written, revision, cookies);
    }

    Done copying(String copied) {
        return new Done(read, written, copied, cookies);
    }

    Done showing(Affinity.@Nullable Shown shown) {
        return new Done(read, written, revision, shown);
    }
}
