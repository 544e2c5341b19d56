package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.AnalysisScore;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.MetricComparison;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.CompareDirection;
import dev.serinus.schemas.mesh.Meshes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rules for metrics that are compared with the primary's, and for the score: there must be two
 * sides to ask about, and words and numbers that mean something. None of it is Flagger's, so that
 * nothing has to run that would have no effect.
 */
final class ComparisonRules {

    static final Set<String> SIDES = Set.of("primary", "baseline");
    static final Set<String> DIRECTIONS = Set.of("increase", "decrease", "either");
    static final Set<String> JUDGES =
            Set.of("ratio", "mann-whitney", "ranks-and-means", "proportion", "sequential");

    private static final Set<String> BY_RANK = Set.of("mann-whitney", "ranks-and-means");

    /** As many samples of a side as are kept. */
    private static final int MOST_SAMPLES = 1000;

    /** Samples in the answer about all metrics, and in the state for those without ranges. */
    private static final long MOST_OF_ANSWER = 20_000;

    private static final long MOST_OF_STATE = 4_000;

    private static final int MOST_REQUESTS = 1_000_000;

    /** {@code target} as a word inside a template's braces. */
    private static final Pattern NAMES_TARGET =
            Pattern.compile("\\{\\{(?=[^{}]*+}})[^{}]*(?<![\\w.\"])\\.?target\\b");

    private static final String SAME_QUESTION =
            "does not name {{ target }}: the canary and the primary would be asked the same, so"
                    + " there is nothing to compare; name {{ target }} where the query names the"
                    + " workload";

    private ComparisonRules() {}

    static void check(Subject subject, CanaryMetric metric, String path, Findings findings) {
        var compare = metric.compare();
        if (compare == null) {
            return;
        }
        String at = path + ".compare";
        findings.note(withoutPrimary(subject), at);
        BaselineRules.compare(subject, compare, at + ".with", findings);
        firstStep(subject, at, findings);
        words(compare, at, findings);
        numbers(compare, at, findings);
        times(subject, metric, compare, path, findings);
        kept(subject, metric, compare, at, findings);
        queries(subject, metric, path, findings);
        requests(subject, compare, at, findings);
        group(subject.analysis().score(), metric, at, findings);
    }

    private static Optional<String> withoutPrimary(Subject subject) {
        return subject.target()
                .flatMap(
                        kind ->
                                switch (kind) {
                                    case DEPLOYMENT, DAEMON_SET -> Optional.empty();
                                    case SERVICE ->
                                            Optional.of(
                                                    "of a Service there is no workload NAME-primary"
                                                        + " whose metrics could be compared:"
                                                        + " release the Deployment behind it, or"
                                                        + " give thresholdRange alone");
                                    case KNATIVE_SERVICE ->
                                            Optional.of(
                                                    "both sides of a Knative Service are revisions"
                                                        + " of it, and no query tells them apart by"
                                                        + " {{ target }}: give thresholdRange"
                                                        + " alone");
                                });
    }

    /** Later steps to all traffic are not compared any more; the first one never was. */
    private static void firstStep(Subject subject, String at, Findings findings) {
        if (!subject.shiftsWeights() || Subject.isTrue(subject.analysis().mirror())) {
            return;
        }
        boolean all =
                subject.stepWeight().isAny()
                        ? !Weight.ALL.isAbove(subject.stepWeight())
                        : subject.stepWeights().stream()
                                .filter(Weight::isAny)
                                .findFirst()
                                .filter(weight -> !Weight.ALL.isAbove(weight))
                                .isPresent();
        findings.when(
                all,
                at,
                "has nothing to compare with: the first step gives the canary all traffic, and the"
                        + " primary none; begin with a smaller step");
    }

    private static void words(MetricComparison compare, String at, Findings findings) {
        findings.unlessOneOf(SIDES, compare.with(), at + ".with");
        findings.unlessOneOf(DIRECTIONS, compare.direction(), at + ".direction");
        findings.unlessOneOf(JUDGES, compare.judge(), at + ".judge");
    }

    private static void numbers(MetricComparison compare, String at, Findings findings) {
        findings.when(
                compare.relativeTolerance(0).isEmpty(),
                at + ".tolerance",
                "must be a share of the primary's value, 0 to 10000%, such as 10% or 0.1");
        var tolerance = compare.relativeTolerance(0).orElse(0.0);
        boolean bare = compare.tolerance() != null && !compare.tolerance().asText().contains("%");
        findings.when(
                bare && tolerance > 1,
                at + ".tolerance",
                "is %s times the primary's value: write 10%% or 0.1 for a tenth of it, and 150%% if"
                                .formatted(tolerance)
                        + " so much is meant");
        findings.when(
                tolerance >= 1
                        && !(bare && tolerance > 1)
                        && DIRECTIONS.contains(String.valueOf(compare.direction()))
                        && !"increase".equals(compare.direction()),
                at + ".tolerance",
                "must be below 100%% with direction %s: a canary at 0 would be tolerated"
                        .formatted(compare.direction()));
        findings.when(
                compare.floor() != null && !(compare.floor() >= 0 && compare.floor() < 1e300),
                at + ".floor",
                "must be 0 or more, in the metric's own unit");
        findings.when(
                compare.alpha() != null && !(compare.alpha() > 0 && compare.alpha() < 0.5),
                at + ".alpha",
                "must be above 0 and below 0.5, such as 0.01");
        boolean counts = compare.requests() != null;
        int most = counts ? MOST_REQUESTS : MOST_SAMPLES;
        findings.when(
                compare.minSamples() != null
                        && (compare.minSamples() < 2 || compare.minSamples() > most),
                at + ".minSamples",
                counts
                        ? "must be 2 to %d requests".formatted(most)
                        : "must be 2 to %d, as so many are kept".formatted(most));
    }

    private static void times(
            Subject subject,
            CanaryMetric metric,
            MetricComparison compare,
            String path,
            Findings findings) {
        var window = duration(compare.window());
        findings.when(
                given(compare.window()) && window.isEmpty(),
                path + ".compare.window",
                "must be a duration above 0, such as 30m");
        var interval = duration(metric.interval());
        findings.when(
                given(metric.interval()) && interval.isEmpty(),
                path + ".interval",
                "must be a duration above 0, such as 1m, where the metric is compared: the samples"
                        + " are so far apart");
        int least = ComparisonSpecs.minimumSamples(compare);
        var apart = apart(subject, metric, interval.orElse(ComparisonSpecs.DEFAULT_INTERVAL));
        var takes = apart.multipliedBy(Math.max(1, least));
        findings.when(
                window.isPresent() && window.get().compareTo(takes) < 0,
                path + ".compare.window",
                "is too short for %d samples, one for each interval: it takes %s"
                        .formatted(Math.max(1, least), Durations.print(takes)));
        if (window.isEmpty() || window.get().compareTo(takes) < 0) {
            return;
        }
        long holds = window.get().dividedBy(apart);
        double level = level(subject, metric, compare);
        findings.when(
                BY_RANK.contains(ComparisonSpecs.judge(compare)) && least(holds) > level,
                path + ".compare.window",
                "holds %d samples of each side, too few to show harm at level %s: make it longer"
                        .formatted(holds, level));
    }

    /** A template's provider may only answer for the present, which is asked at checks. */
    private static Duration apart(Subject subject, CanaryMetric metric, Duration interval) {
        var checks = duration(subject.analysis().interval());
        return metric.templateRef() == null || checks.isEmpty()
                ? interval
                : checks.get()
                        .multipliedBy(
                                Math.max(
                                        1,
                                        Math.ceilDiv(
                                                interval.toMillis(),
                                                Math.max(1, checks.get().toMillis()))));
    }

    /**
     * What each test may err by in each direction that is bad; above any where a word or number is
     * wrong.
     */
    private static double level(Subject subject, CanaryMetric metric, MetricComparison compare) {
        if (given(compare.direction())
                && !DIRECTIONS.contains(String.valueOf(compare.direction()))) {
            return 1;
        }
        boolean two = ComparisonSpecs.judge(compare).equals("ranks-and-means");
        double alpha = ComparisonSpecs.alpha(subject, compare) / (two ? 2 : 1);
        boolean both = ComparisonSpecs.direction(metric, compare) == CompareDirection.EITHER;
        return both ? alpha / 2 : alpha;
    }

    /** The least chance that the rank sum test gives so many samples of each side. */
    private static double least(long samples) {
        double least = 1;
        for (long i = 1; i <= Math.min(samples, 100); i++) {
            least *= i / (double) (Math.min(samples, 100) + i);
        }
        return least;
    }

    /** Of all comparisons together only so many samples are kept, which is a share of each. */
    private static void kept(
            Subject subject,
            CanaryMetric metric,
            MetricComparison compare,
            String at,
            Findings findings) {
        List<CanaryMetric> compared =
                list(subject.analysis().metrics()).stream()
                        .filter(one -> one.compare() != null)
                        .toList();
        long ofTheWindow =
                MOST_OF_ANSWER / compared.stream().mapToLong(ComparisonRules::series).sum();
        long ofTheState =
                MOST_OF_STATE
                        / Math.max(
                                1,
                                4
                                        * compared.stream()
                                                .filter(one -> one.templateRef() != null)
                                                .count());
        long kept = metric.templateRef() == null ? ofTheWindow : Math.min(ofTheState, ofTheWindow);
        int least = ComparisonSpecs.minimumSamples(compare);
        findings.when(
                compare.requests() == null && least <= MOST_SAMPLES && least > kept,
                compare.minSamples() == null ? at : at + ".minSamples",
                "needs %d samples of each side, and beside so many comparisons %d of each are kept: compare fewer metrics"
                        .formatted(least, kept));
    }

    private static long series(CanaryMetric metric) {
        return metric.compare() != null && metric.compare().requests() != null ? 4 : 2;
    }

    private static Optional<Duration> duration(@Nullable String written) {
        return given(written)
                ? Durations.parse(String.valueOf(written)).filter(Duration::isPositive)
                : Optional.empty();
    }

    /** Where the query is known it must be another one for each side. */
    private static void queries(
            Subject subject, CanaryMetric metric, String path, Findings findings) {
        findings.when(
                given(metric.query()) && !namesTarget(String.valueOf(metric.query())),
                path + ".query",
                SAME_QUESTION);
        matchesOtherSides(subject, metric.query(), path + ".query", findings);
        looksBack(metric, path, findings);
        if (!CanaryMetric.BUILT_IN.contains(metric.name())) {
            return;
        }
        var queries =
                Meshes.measuring(subject.provider(), subject.installation().meshProvider())
                        .builtinQueries()
                        .of(
                                subject.spec().targetRef().kind(),
                                subject.spec().targetRef().name(),
                                List.of());
        findings.when(
                !namesTarget(
                        metric.name().equals("request-duration")
                                ? queries.duration()
                                : queries.successRate()),
                path + ".compare",
                "the query for %s with provider %s does not name the workload: the canary and the primary would be asked the same; give a query or a templateRef that names {{ target }}"
                        .formatted(metric.name(), subject.provider()));
    }

    private static void matchesOtherSides(
            Subject subject, @Nullable String query, String path, Findings findings) {
        if (given(query)) {
            findings.note(
                    subject.target()
                            .flatMap(
                                    kind ->
                                            ComparedQueries.matchesOtherSide(
                                                    String.valueOf(query),
                                                    kind,
                                                    subject.spec().targetRef().name(),
                                                    BaselineRules.isAskedFor(subject))),
                    path);
        }
    }

    private static void looksBack(CanaryMetric metric, String path, Findings findings) {
        var interval =
                given(metric.interval())
                        ? duration(metric.interval())
                        : Optional.of(ComparisonSpecs.DEFAULT_INTERVAL);
        if (given(metric.query())) {
            findings.note(
                    interval.flatMap(
                            apart ->
                                    ComparedQueries.looksBack(
                                            String.valueOf(metric.query()), apart)),
                    path + ".query");
        }
    }

    static boolean namesTarget(String query) {
        return NAMES_TARGET.matcher(query).find();
    }

    private static void requests(
            Subject subject, MetricComparison compare, String at, Findings findings) {
        var requests = compare.requests();
        String judge = ComparisonSpecs.judge(compare);
        findings.when(
                requests == null && judge.equals("proportion"),
                at + ".requests",
                "is required by judge proportion: the metric counts events, such as errors, and"
                        + " this the requests that they happened in");
        if (requests == null) {
            return;
        }
        findings.when(
                !judge.equals("proportion") && !judge.equals("sequential"),
                at + ".requests",
                "is for the judges proportion and sequential; %s compares values".formatted(judge));
        var template = requests.templateRef();
        boolean query = given(requests.query());
        findings.when(
                query == (template != null), at + ".requests", "needs one of query, templateRef");
        findings.when(
                query && !namesTarget(String.valueOf(requests.query())),
                at + ".requests.query",
                SAME_QUESTION);
        matchesOtherSides(subject, requests.query(), at + ".requests.query", findings);
        if (template != null) {
            findings.unlessObject(template, at + ".requests.templateRef");
            findings.when(
                    subject.forbids(template.namespace()),
                    at + ".requests.templateRef.namespace",
                    ServiceRules.blocked("metric template", template.name(), template.namespace()));
        }
    }

    private static void group(
            @Nullable AnalysisScore score, CanaryMetric metric, String at, Findings findings) {
        var compare = metric.compare();
        String group = compare == null ? null : compare.group();
        if (score == null) {
            findings.when(
                    given(group),
                    at + ".group",
                    "has no effect without spec.analysis.score: give a score, or leave it out");
            findings.when(
                    compare != null && Subject.isTrue(compare.critical()),
                    at + ".critical",
                    "has no effect without spec.analysis.score, since each comparison has to hold:"
                            + " give a score, or leave it out");
            return;
        }
        var groups = groups(score);
        String named = ComparisonSpecs.group(metric);
        findings.when(
                !groups.isEmpty() && !groups.containsKey(named),
                at + ".group",
                "is %s, and spec.analysis.score.groups has %s"
                        .formatted(
                                given(group)
                                        ? "\"" + named + "\""
                                        : "the metric's name \"" + named + "\" when absent",
                                String.join(", ", new TreeSet<>(groups.keySet()))));
    }

    static void score(Subject subject, Findings findings) {
        var score = subject.analysis().score();
        if (score == null) {
            return;
        }
        String at = "spec.analysis.score";
        List<CanaryMetric> compared =
                list(subject.analysis().metrics()).stream()
                        .filter(metric -> metric.compare() != null)
                        .toList();
        findings.when(
                compared.isEmpty() && !subject.misread("spec.analysis.metrics"),
                at,
                "nothing would be scored: no metric has compare");
        findings.when(
                score.pass() != null && !(score.pass() > 0 && score.pass() <= 100),
                at + ".pass",
                "must be above 0, at most 100");
        findings.when(
                score.marginal() != null && !(score.marginal() >= 0 && score.marginal() <= 100),
                at + ".marginal",
                "must be 0 to 100");
        findings.when(
                score.marginal() != null && score.marginal() > ComparisonSpecs.pass(score),
                at + ".marginal",
                "must not be above pass, which is %s".formatted(ComparisonSpecs.pass(score)));
        var groups = groups(score);
        groups.forEach(
                (group, weight) ->
                        findings.when(
                                !(weight >= 0 && weight <= 1_000_000),
                                at + ".groups." + group,
                                "must be a weight of 0 to 1000000"));
        findings.when(
                !groups.isEmpty() && groups.values().stream().noneMatch(weight -> weight > 0),
                at + ".groups",
                "one of the weights must be above 0");
        var used =
                compared.stream()
                        .map(ComparisonSpecs::group)
                        .collect(Collectors.toUnmodifiableSet());
        groups.keySet().stream()
                .filter(group -> !used.contains(group))
                .forEach(
                        group ->
                                findings.when(
                                        !compared.isEmpty(),
                                        at + ".groups." + group,
                                        "no metric that is compared is of this group"));
    }

    private static Map<String, Double> groups(AnalysisScore score) {
        return score.groups() == null ? Map.of() : score.groups();
    }
}
