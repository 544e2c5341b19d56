package dev.serinus.analysis.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.analysis.rollout.Awaited;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.schemas.canary.Weight;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * How what is kept of a canary is written: as JSON, with the version of its form. What an earlier
 * release wrote is read, one step for each version; what a later one wrote is refused.
 */
public final class StoredFormat {

    /**
     * The latest form. Raise it when the form changes, and add how to read the one before. From the
     * one before it differs by canaries whose share is that of their pods alone, that by plans of
     * more than a thousand checks, that by ends of waves (how long promotions of others are waited
     * for, what will do in their place, and who may wait), groups and canaries with the pods of
     * their share, that by waves (who waits for promotions of others, and who is waited for), that
     * by freezes, that by budgets, that by what a Canary says of its runs (what a failure and a
     * gate that stays closed mean), that by dry runs, that by shares of copies that grow, that by a
     * wait before the first step and checks beside weights, that by baselines, that from the one
     * before by limits of single metrics and the meaning of NaN alone, that by comparisons, and
     * that from the first by weights between whole percents: so a release that knows none of them
     * can take over whatever has none.
     */
    static final int VERSION = 15;

    private static final int WITHOUT_REPLICAS = 14;
    private static final int WITHOUT_LONG_PLANS = 13;
    private static final int WITHOUT_WAVE_ENDS = 12;
    private static final int WITHOUT_WAVES = 11;
    private static final int WITHOUT_FREEZES = 10;
    private static final int WITHOUT_BUDGETS = 9;
    private static final int WITHOUT_RULES = 8;
    private static final int WITHOUT_DRY_RUNS = 7;
    private static final int WITHOUT_COPIES = 6;
    private static final int WITHOUT_DELAYS = 5;
    private static final int WITHOUT_BASELINES = 4;
    private static final int WITHOUT_LIMITS = 3;
    private static final int WITHOUT_COMPARISONS = 2;
    private static final int WHOLE_PERCENTS = 1;

    private static final String FIELD = "version";

    /** Of what is waited for, and of what comes next; in a text its quotes would be escaped. */
    private static final String FIRST_STEP = "\"is\":\"FirstStep\"";

    private StoredFormat() {}

    public static byte[] write(StoredRollout kept) {
        String rollout = text(kept.rollout());
        return "{\"at\":%s,\"number\":%d,\"rollout\":%s,\"%s\":%d}"
                .formatted(
                        text(kept.at()),
                        kept.number(),
                        rollout,
                        FIELD,
                        version(kept.rollout(), rollout.contains(FIRST_STEP)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Object value) {
        return new String(RolloutJson.write(value), StandardCharsets.UTF_8);
    }

    /**
     * @param delays whether a first step is waited for, or comes next
     */
    private static int version(Rollout rollout, boolean delays) {
        if (splitsByReplicas(rollout)) {
            return VERSION;
        }
        if (Plan.isLong(rollout.run().stops())) {
            return WITHOUT_REPLICAS;
        }
        if (endsWaves(rollout) || isGrouped(rollout) || sizesCanary(rollout)) {
            return WITHOUT_LONG_PLANS;
        }
        if (isInWaves(rollout)) {
            return WITHOUT_WAVE_ENDS;
        }
        if (isFrozen(rollout)) {
            return WITHOUT_WAVES;
        }
        if (isPermitted(rollout)) {
            return WITHOUT_FREEZES;
        }
        if (isRuled(rollout)) {
            return WITHOUT_BUDGETS;
        }
        if (isTried(rollout)) {
            return WITHOUT_RULES;
        }
        if (growsCopies(rollout)) {
            return WITHOUT_DRY_RUNS;
        }
        if (checksBesideWeights(rollout) || delays) {
            return WITHOUT_COPIES;
        }
        if (hasBaseline(rollout)) {
            return WITHOUT_DELAYS;
        }
        if (hasLimits(rollout)) {
            return WITHOUT_BASELINES;
        }
        if (compares(rollout)) {
            return WITHOUT_LIMITS;
        }
        return hasWholePercents(rollout) ? WHOLE_PERCENTS : WITHOUT_COMPARISONS;
    }

    /**
     * Who does not know of ends of waves would wait for what is waited for no more, and let wait
     * who may not.
     */
    private static boolean endsWaves(Rollout rollout) {
        var spec = rollout.spec();
        var rules = spec == null ? null : spec.rules();
        var governed = rollout.governed();
        boolean said =
                rules != null
                        && (rules.awaitedBy() != null
                                || (rules.after() != null
                                        && rules.after().stream()
                                                .anyMatch(
                                                        one ->
                                                                one.limit() != null
                                                                        || one.allowance()
                                                                                != null)));
        return said || (governed != null && governed.waited() != null);
    }

    /** Who does not know of groups would promote one without the others. */
    private static boolean isGrouped(Rollout rollout) {
        var spec = rollout.spec();
        var governed = rollout.governed();
        return (spec != null && spec.rules() != null && spec.rules().group() != null)
                || (governed != null && governed.group() != null)
                || rollout.stage().awaited() instanceof Awaited.GroupReady;
    }

    /** Who does not know of such canaries would send more traffic to pods of a smaller share. */
    private static boolean sizesCanary(Rollout rollout) {
        var spec = rollout.spec();
        return spec != null && spec.rules() != null && spec.rules().proportional() != null;
    }

    /** Who does not know of such canaries would take them for Blue/Green in the midst of a run. */
    private static boolean splitsByReplicas(Rollout rollout) {
        var spec = rollout.spec();
        return spec != null && spec.rules() != null && spec.rules().splitsByReplicas();
    }

    /** Who does not know of waves would begin at once, or tell nobody who waits for it. */
    private static boolean isInWaves(Rollout rollout) {
        var spec = rollout.spec();
        var governed = rollout.governed();
        return (spec != null && spec.rules() != null && spec.rules().after() != null)
                || (governed != null
                        && (governed.watch() != null
                                || (governed.permit() != null
                                        && governed.permit().after() != null)));
    }

    /**
     * Who does not know of freezes could not read what is waited for. What the installation asks is
     * told again.
     */
    private static boolean isFrozen(Rollout rollout) {
        return rollout.stage().awaited() instanceof Awaited.FreezeEnd;
    }

    /**
     * Who does not know of budgets would never give a place back. What the installation asks is
     * told again.
     */
    private static boolean isPermitted(Rollout rollout) {
        var governed = rollout.governed();
        return (governed != null && governed.permit() != null)
                || rollout.stage().awaited() instanceof Awaited.Turn;
    }

    /** Who does not know of these would take back what people are to decide upon. */
    private static boolean isRuled(Rollout rollout) {
        var spec = rollout.spec();
        return rollout.run().failure() != null
                || rollout.run().pending() != null
                || rollout.run().returnsTo() != null
                || rollout.revisions().remembered() != null
                || (spec != null
                        && (spec.rules() != null
                                || spec.hooks().stream().anyMatch(it -> it.limit() != null)));
    }

    /** Who does not know of dry runs would do what is only tried. */
    private static boolean isTried(Rollout rollout) {
        var spec = rollout.spec();
        return rollout.manifest().tried() != null || (spec != null && spec.dryRun());
    }

    /** Who does not know of growing shares would copy as many requests as the Canary says. */
    private static boolean growsCopies(Rollout rollout) {
        var spec = rollout.spec();
        return (spec != null && spec.strategy().copies() != null)
                || rollout.traffic().split().copies() != null
                || rollout.run().stops().stream().anyMatch(it -> it.split().copies() != null);
    }

    /** Who does not know of checks beside weights would plan a Blue/Green release. */
    private static boolean checksBesideWeights(Rollout rollout) {
        var spec = rollout.spec();
        return spec != null && spec.strategy().iterations() > 0 && spec.strategy().movesWeights();
    }

    /** Who does not know of limits would go on where one was reached, or where a NaN is to fail. */
    private static boolean hasLimits(Rollout rollout) {
        var spec = rollout.spec();
        boolean waits =
                rollout.stage() instanceof Stage.Waiting(var awaited, var _)
                        && awaited instanceof Awaited.Interval(Awaited.Reason.Undecided _);
        return waits
                || rollout.run().counted() != null
                || (spec != null
                        && spec.checks().stream()
                                .anyMatch(check -> check.limits() != null || check.nan() != null));
    }

    /** Who does not know of comparisons would bound by 0 what has no bound beside one. */
    private static boolean compares(Rollout rollout) {
        var spec = rollout.spec();
        boolean waits =
                rollout.stage() instanceof Stage.Waiting(var awaited, var _)
                        && awaited instanceof Awaited.Interval(Awaited.Reason.Samples _);
        return waits || rollout.run().collected() != null || (spec != null && spec.compares());
    }

    /** Who does not know of baselines would leave one there, with its share. */
    private static boolean hasBaseline(Rollout rollout) {
        var spec = rollout.spec();
        return (spec != null && spec.baseline())
                || rollout.traffic().split().baseline() != null
                || rollout.run().stops().stream().anyMatch(it -> it.split().baseline() != null);
    }

    private static boolean hasWholePercents(Rollout rollout) {
        var run = rollout.run();
        var spec = rollout.spec();
        return Stream.concat(
                        Stream.of(rollout.traffic().canaryWeight(), run.stepWeightPromotion()),
                        Stream.concat(
                                run.stops().stream().map(stop -> stop.split().canaryWeight()),
                                spec == null ? Stream.of() : spec.strategy().weights()))
                .allMatch(Weight::isWhole);
    }

    /**
     * Reads it.
     *
     * @throws IllegalStateException if a later release wrote it, or nobody of us
     */
    public static StoredRollout read(byte[] json) {
        ObjectNode tree = RolloutJson.tree(json);
        int version = tree.path(FIELD).asInt(0);
        return switch (version) {
            case 0 -> RolloutJson.read(Version0.upgraded(tree), StoredRollout.class);
            case WHOLE_PERCENTS,
                    WITHOUT_COMPARISONS,
                    WITHOUT_LIMITS,
                    WITHOUT_BASELINES,
                    WITHOUT_DELAYS,
                    WITHOUT_COPIES,
                    WITHOUT_DRY_RUNS,
                    WITHOUT_RULES,
                    WITHOUT_BUDGETS,
                    WITHOUT_FREEZES,
                    WITHOUT_WAVES,
                    WITHOUT_WAVE_ENDS,
                    WITHOUT_LONG_PLANS,
                    WITHOUT_REPLICAS,
                    VERSION ->
                    RolloutJson.read(tree, StoredRollout.class);
            default ->
                    throw new IllegalStateException(
                            "a canary is kept in form %d, and this release reads up to %d: %s"
                                    .formatted(
                                            version,
                                            VERSION,
                                            new String(json, StandardCharsets.UTF_8)));
        };
    }
}
