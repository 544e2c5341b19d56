package dev.serinus.router.drift;

import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.topic.CanaryKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Primaries that read configs themselves from now on: nobody copies those any more. */
record Untracking(Repair repair, ActionContext context, CanaryLocks locks) {

    private static final Logger log = LoggerFactory.getLogger(Untracking.class);

    /**
     * Has a Canary's primary read them, for which it is their turn.
     *
     * @param configs of the Canary's namespace, whose tracking is switched off
     * @param again is given the Canary when somebody else was faster
     */
    void of(CanaryKey key, Set<Ref> configs, Consumer<CanaryKey> again) {
        try (var _ = locks.take(key)) {
            var written = written(key, configs);
            if (!written.isEmpty()) {
                log.atInfo()
                        .addKeyValue("canary", key)
                        .addKeyValue("objects", written)
                        .log("reads configs itself whose tracking is switched off");
            }
        } catch (Conflict raced) {
            again.accept(key);
        } catch (Refusal later) {
            // The next promotion finds it so as well.
            log.atWarn()
                    .addKeyValue("canary", key)
                    .addKeyValue("because", later.because())
                    .log("a config whose tracking is switched off is still read as it was copied");
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets the primary read those configs itself that it has copies of: their tracking is switched
     * off. What it runs is the same revision, so that this is no step of a run.
     */
    private List<Ref> written(CanaryKey key, Set<Ref> configs) {
        var managed = repair.managed(key);
        if (managed.isEmpty() || !repair.isTakenOver(key)) {
            return List.of();
        }
        var canary = managed.get();
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        if (primary == null) {
            return List.of();
        }
        var change = context.primaries().untracked(canary, target, primary, configs);
        if (!change.isEffective()) {
            return List.of();
        }
        repair.hold(canary, true);
        var written = context.repair(canary, List.of(change));
        context.primaries().keptAnew(canary, written.getFirst());
        return written.stream().map(ClusterObject::ref).toList();
    }
}
