package dev.serinus.analysis.rollout.judge.compare;

import dev.serinus.analysis.rollout.judge.Verdict;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes one score of all compared metrics.
 *
 * <p>A group's score is the share of its weight that passed, of what passed or failed. The total is
 * the mean of these, weighed by all weight in each group; a group of which nothing was decided does
 * not count, rather than count as passed. A failing critical metric makes it 0.
 *
 * <p>Without thresholds every metric has to pass. With them, what is undecided may still pass, so
 * that it neither lets a rollout pass nor fails it: a score fails only if it would even then.
 * Silent metrics that need no data are left out, unless they are half of all or more: then a score
 * that does not fail is inconclusive.
 */
public final class Scores {

    private Scores() {}

    /**
     * Scores.
     *
     * @param metrics in any order
     * @param thresholds null where every metric has to pass
     */
    public static Score score(List<Graded> metrics, @Nullable Thresholds thresholds) {
        List<Graded> counted =
                metrics.stream()
                        .filter(it -> it.weight() > 0 || it.critical())
                        // Sums of doubles depend on their order.
                        .sorted(Comparator.comparing(Graded::metric).thenComparing(Graded::group))
                        .toList();
        Map<String, Double> groups = groups(counted, Graded::passes, Graded::fails);
        List<String> because = new ArrayList<>(reasons(counted));
        List<Graded> fatal = counted.stream().filter(it -> it.critical() && it.fails()).toList();
        if (!fatal.isEmpty()) {
            fatal.forEach(it -> because.add("%s is critical".formatted(it.metric())));
            return new Score(0, shown(groups), Verdict.FAIL, because);
        }
        double total = total(counted, groups);
        Verdict verdict =
                thresholds == null
                        ? everyOne(counted)
                        : within(total, best(counted), thresholds, counted);
        if (thresholds != null && verdict != Verdict.PASS) {
            because.add(
                    "the score is %s; %s and more pass, less than %s fails"
                            .formatted(
                                    Wording.number(total),
                                    Wording.number(thresholds.pass()),
                                    Wording.number(thresholds.marginal())));
        }
        return new Score(total, shown(groups), verdict, because);
    }

    private static Verdict everyOne(List<Graded> counted) {
        if (counted.stream().anyMatch(Graded::fails)) {
            return Verdict.FAIL;
        }
        return !counted.isEmpty() && counted.stream().allMatch(Graded::passes)
                ? Verdict.PASS
                : Verdict.INCONCLUSIVE;
    }

    private static Verdict within(
            double total, double best, Thresholds thresholds, List<Graded> counted) {
        if (counted.stream().anyMatch(it -> it.passes() || it.fails())
                && best < thresholds.marginal()) {
            return Verdict.FAIL;
        }
        long silent = counted.stream().filter(it -> it.silent() && !it.fails()).count();
        boolean known =
                2 * silent < counted.size() && counted.stream().noneMatch(Graded::undecided);
        return known && total >= thresholds.pass() ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }

    private static double best(List<Graded> counted) {
        Map<String, Double> groups =
                groups(counted, it -> it.passes() || it.undecided(), Graded::fails);
        return total(counted, groups);
    }

    private static Map<String, Double> groups(
            List<Graded> counted, Predicate<Graded> good, Predicate<Graded> bad) {
        Map<String, Double> groups = new TreeMap<>();
        for (String group : counted.stream().map(Graded::group).distinct().toList()) {
            double passed = weight(counted, it -> it.group().equals(group) && good.test(it));
            double failed = weight(counted, it -> it.group().equals(group) && bad.test(it));
            if (passed + failed > 0) {
                groups.put(group, 100 * passed / (passed + failed));
            }
        }
        return groups;
    }

    private static double total(List<Graded> counted, Map<String, Double> groups) {
        double sum = 0;
        double weights = 0;
        for (Map.Entry<String, Double> group : groups.entrySet()) {
            double weight = weight(counted, it -> it.group().equals(group.getKey()));
            sum += weight * group.getValue();
            weights += weight;
        }
        return weights > 0 ? rounded(sum / weights) : 0;
    }

    private static double weight(List<Graded> metrics, Predicate<Graded> which) {
        return metrics.stream().filter(which).mapToDouble(Graded::weight).sum();
    }

    private static List<String> reasons(List<Graded> counted) {
        return counted.stream()
                .filter(it -> !it.passes())
                .sorted(Comparator.comparing(it -> !it.critical()))
                .map(it -> it.compared().because())
                .toList();
    }

    private static Map<String, Double> shown(Map<String, Double> groups) {
        Map<String, Double> shown = new TreeMap<>(groups);
        shown.replaceAll((group, score) -> rounded(score));
        return shown;
    }

    private static double rounded(double score) {
        return BigDecimal.valueOf(score).setScale(2, RoundingMode.HALF_UP).doubleValue();
    }
}
