package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.CopyNote;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;

/** Copies of configs that somebody else changed or deleted, while a primary reads them. */
record CopyRepair(
        Repair repair, ActionContext context, CanaryLocks locks, LastWritten lastWritten) {

    /**
     * Puts a copy back to what was promoted; false where nothing is to be done. One of which that
     * is not known any more is a refusal that says so. What cannot be done now stays noted.
     */
    boolean of(ChangedCopies.Copy copy, ChangedCopies changed) throws InterruptedException {
        try (var _ = locks.take(copy.canary())) {
            var seen = changed.take(copy);
            if (seen.isEmpty() || lastWritten.isOurs(copy.ref(), seen.get().version())) {
                return false;
            }
            var managed = repair.managed(copy.canary());
            if (managed.isEmpty()) {
                changed.addAgain(copy, seen.get());
                return false;
            }
            try {
                return isPutBack(managed.get(), copy.ref(), seen.get().before());
            } catch (Conflict raced) {
                changed.addAgain(copy, seen.get());
                throw raced;
            } catch (Refusal refusal) {
                if (refusal.outcome() == RouterOutcome.RETRY) {
                    changed.addAgain(copy, seen.get());
                }
                throw refusal;
            }
        }
    }

    private boolean isPutBack(Canary canary, Ref copy, CopyNote before) {
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
