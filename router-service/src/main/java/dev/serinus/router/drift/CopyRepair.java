package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.objects.Change;
import dev.serinus.router.workload.CopyNote;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

/** Copies of configs that somebody else changed or deleted, while a primary reads them. */
record CopyRepair(
        Repair repair, ActionContext context, CanaryLocks locks, LastWritten lastWritten) {

    /**
     * Puts a copy back to what was promoted; false where nothing is to be done. One of which that
     * is not known any more is a refusal that says so.
     *
     * @param before what the copy said of itself
     * @param version that was seen of it; empty when it is gone
     */
    boolean of(CanaryKey key, Ref copy, CopyNote before, String version)
            throws InterruptedException {
        try (var _ = locks.take(key)) {
            if (lastWritten.isOurs(copy, version)) {
                return false;
            }
            var managed = repair.managed(key);
            if (managed.isEmpty()) {
                return false;
            }
            var canary = managed.get();
            var target = context.target(canary);
            var primary = context.findPrimary(canary, target);
            if (primary == null) {
                return false;
            }
            var changes =
                    ActionContext.kept(
                            canary,
                            target,
                            context.primaries().copyPutBack(canary, primary, copy, before).stream()
                                    .toList());
            if (changes.stream().noneMatch(Change::isEffective)) {
                return false;
            }
            repair.hold(canary, true);
            lastWritten.wrote(context.repair(canary, changes));
            return true;
        }
    }
}
