package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Which freezes of the installation hold a run, and which of them people let it pass. */
final class Freezes {

    private Freezes() {}

    /**
     * The one that closes a gate now; of several the one that lasts longest. What is only tried is
     * held by none.
     */
    static Optional<Freeze> holding(Rollout r, Point point, Instant at) {
        return DryRun.isOn(r) ? Optional.empty() : meant(r, point, at);
    }

    /** The same where it is held, or would be if it were not only tried. */
    private static Optional<Freeze> meant(Rollout r, Point point, Instant at) {
        return isExempt(r) || (point == Point.ADVANCE && !rises(r))
                ? Optional.empty()
                : lasting(r, at)
                        .filter(freeze -> freeze.holds().contains(point))
                        .max(Comparator.comparing(Freeze::until).thenComparing(Freeze::name));
    }

    /** The one that keeps the split of the next stop from being set; empty where none does. */
    static Optional<Freeze> holdingNextStop(Rollout r, Instant at) {
        boolean all = r.run().next().filter(stop -> stop.kind() == Stop.Kind.SWITCH).isPresent();
        return holding(r, all ? Point.PROMOTE : Point.ADVANCE, at);
    }

    /**
     * The gate that a freeze has closed since it was found open; empty where none has. It stood
     * open before something else took its time: the end of a baseline, or people who held it.
     */
    static Optional<Point> closing(Rollout r, Next next, Instant at) {
        Point point =
                switch (next) {
                    case Next.ScaleUp _ -> Point.START;
                    case Next.Shift _ -> Point.ADVANCE;
                    case Next.SwitchAll _ -> Point.PROMOTE;
                    // One that had begun when the canary was found comes to its end.
                    case Next.Copy _ -> r.promoting() ? null : Point.PROMOTE;
                    case Next.Initialize _,
                            Next.Create _,
                            Next.TakeOver _,
                            Next.CopyFirst _,
                            Next.Adopt _,
                            Next.Rest _,
                            Next.Reshape _,
                            Next.Run _,
                            Next.AskToStart _,
                            Next.Restart _,
                            Next.AwaitCanary _,
                            Next.AwaitCanaryAgain _,
                            Next.Park _,
                            Next.Release _,
                            Next.Tick _,
                            Next.FirstStep _,
                            Next.Check _,
                            Next.AskToAdvance _,
                            Next.ShiftAgain _,
                            Next.AskToPromote _,
                            Next.AwaitDecision _,
                            Next.RouteBack _,
                            Next.ScaleDown _,
                            Next.EndPromoted _,
                            Next.FailPromotion _,
                            Next.RollBack _,
                            Next.EndRolledBack _,
                            Next.End _,
                            Next.Restore _ ->
                            null;
                };
        return Optional.ofNullable(point).filter(it -> holding(r, it, at).isPresent());
    }

    /** Those that last now and that nobody let it pass. */
    private static Stream<Freeze> lasting(Rollout r, Instant at) {
        return Permits.rules(r).freezes().stream()
                .filter(freeze -> freeze.covers(at) && !known(r).isPassed(freeze, at));
    }

    /**
     * One lasts, at whichever gate, also where people let this run pass it: whoever it waits for is
     * mostly held by the same, so that nobody waits in vain meanwhile.
     *
     * @param at null where no event has come yet
     */
    static boolean lasts(Rollout r, @Nullable Instant at) {
        return at != null
                && Permits.rules(r).freezes().stream()
                        .anyMatch(freeze -> !freeze.holds().isEmpty() && freeze.covers(at));
    }

    /** The way out of a primary that does not serve, and back to what was promoted before. */
    private static boolean isExempt(Rollout r) {
        return r.run().stays() || r.returns();
    }

    /** More people are to meet the canary. That everybody does is the promotion's gate to allow. */
    private static boolean rises(Rollout r) {
        return r.run()
                .next()
                .filter(stop -> stop.kind() != Stop.Kind.SWITCH)
                .filter(stop -> Exposure.of(stop.split()).isAbove(Exposure.of(r.traffic().split())))
                .isPresent();
    }

    // ---- what people are told

    static boolean isTold(Rollout r, Freeze freeze) {
        return known(r).isTold(freeze);
    }

    static TransitionBuilder telling(TransitionBuilder t, Freeze freeze) {
        return with(t, known(t.now()).telling(freeze, t.at()));
    }

    /** What is only tried does not wait, and says for what it would. */
    static TransitionBuilder tried(TransitionBuilder t, Point point) {
        var freeze =
                DryRun.isOn(t.now()) ? meant(t.now(), point, t.at()) : Optional.<Freeze>empty();
        if (freeze.isEmpty() || isTold(t.now(), freeze.get())) {
            return t;
        }
        String words = "%s would wait for %s".formatted(t.canary(), freeze.get().words());
        return telling(t, freeze.get()).normal(words).happened("Frozen", words);
    }

    /** It is a freeze that made it wait, and nobody else closed its gate since. */
    static boolean isWaiting(Rollout r) {
        return r.run().gateClosedSince() == null && !known(r).told().isEmpty();
    }

    // ---- what people let pass

    /**
     * The freeze that an approval means: the one it names, or the one that is waited for where it
     * names none.
     */
    static Optional<Freeze> approved(Rollout r, String gate) {
        var at = r.at();
        if (at == null) {
            return Optional.empty();
        }
        if (gate.isEmpty()) {
            return r.stage().awaited() instanceof Awaited.FreezeEnd(var point, var _)
                    ? holding(r, point, at)
                    : Optional.empty();
        }
        return lasting(r, at).filter(freeze -> freeze.gate().equals(gate)).findFirst();
    }

    /** People let this run pass it, as long as it lasts. */
    static TransitionBuilder passing(TransitionBuilder t, Freeze freeze) {
        return with(t, known(t.now()).passing(freeze, t.at()));
    }

    /**
     * By the annotation of its Canary the run passes what holds it now, where the installation
     * allows that; with it those that the annotation names beside and that are known to come. A
     * freeze that does not allow it is told. Either way that was all that the annotation does.
     */
    static TransitionBuilder passedByAnnotation(TransitionBuilder t, Point point) {
        var request = t.now().requests().passFreeze();
        var freeze = holding(t.now(), point, t.at());
        if (request == null || freeze.isEmpty() || !request.names(freeze.get().name())) {
            return t;
        }
        var spent = t.with(t.now().passFreezeDone());
        return freeze.get().byAnnotation()
                ? passed(spent, request)
                : refused(spent, request, freeze.get());
    }

    private static TransitionBuilder passed(TransitionBuilder before, FreezeRequest request) {
        var t = before;
        for (var freeze : Permits.rules(before.now()).freezes()) {
            boolean passes =
                    freeze.byAnnotation()
                            && request.names(freeze.name())
                            && t.at().isBefore(freeze.until())
                            && !known(t.now()).isPassed(freeze, t.at());
            if (passes) {
                String words =
                        "%s passes freeze %s, by %s: %s"
                                .formatted(
                                        t.canary(),
                                        freeze.name(),
                                        request.actor(),
                                        request.reason());
                t =
                        passing(t, freeze)
                                .normal(words)
                                .happenedBy(request.actor(), "FreezePassed", words);
            }
        }
        return t;
    }

    private static TransitionBuilder refused(
            TransitionBuilder t, FreezeRequest request, Freeze freeze) {
        String words =
                "%s does not pass freeze %s by %s: the installation does not allow that; approve %s"
                        .formatted(t.canary(), freeze.name(), request.actor(), freeze.gate());
        return t.warning(words).happenedBy(request.actor(), "FreezeNotPassed", words);
    }

    private static KnownFreezes known(Rollout r) {
        var governed = r.governed();
        var known = governed == null ? null : governed.freezes();
        return known == null || known.run() != r.run().number()
                ? KnownFreezes.none(r.run().number())
                : known;
    }

    private static TransitionBuilder with(TransitionBuilder t, KnownFreezes known) {
        var governed = t.now().governed();
        return governed == null ? t : t.with(t.now().with(governed.with(known)));
    }
}
