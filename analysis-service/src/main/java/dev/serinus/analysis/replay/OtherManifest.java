package dev.serinus.analysis.replay;

import dev.serinus.schemas.events.FineWeights;
import dev.serinus.schemas.events.MetricSpec;
import dev.serinus.schemas.events.OnUnknown;
import dev.serinus.schemas.events.RolloutSpec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The manifest of past runs with some values set otherwise. */
public final class OtherManifest implements UnaryOperator<RolloutSpec> {

    /** What can be set, for people. */
    public static final String SETTABLE =
            "threshold, intervalSeconds, stepWeight, maxWeight, iterations, skipAnalysis,"
                    + " METRIC.min, METRIC.max, METRIC.onNoData, METRIC.onProviderError";

    private static final String SUCCESS_RATE = "request-success-rate";

    private static final Set<String> WORDS = Set.of("fail", "hold", "pass");

    /** One assignment, for a metric where it names one. */
    private record Setting(String metric, String field, String value) {}

    private final List<Setting> settings;

    private OtherManifest(List<Setting> settings) {
        this.settings = List.copyOf(settings);
    }

    /**
     * Reads assignments such as {@code threshold=2} and {@code request-duration.max=300}; all that
     * is wrong with them is one {@link IllegalArgumentException}.
     */
    public static OtherManifest of(List<String> assignments) {
        List<Setting> settings = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            String name = equals < 0 ? assignment : assignment.substring(0, equals);
            int dot = name.lastIndexOf('.');
            var setting =
                    new Setting(
                            dot < 0 ? "" : name.substring(0, dot),
                            name.substring(dot + 1),
                            equals < 0 ? "" : assignment.substring(equals + 1));
            String problem = problem(setting);
            if (!problem.isEmpty()) {
                wrong.add(assignment + ": " + problem);
            }
            settings.add(setting);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
        return new OtherManifest(settings);
    }

    private static String problem(Setting setting) {
        return switch ((setting.metric().isEmpty() ? "" : "METRIC.") + setting.field()) {
            case "threshold", "intervalSeconds", "iterations" ->
                    isWhole(setting.value()) ? "" : "must be a whole number of at least 1";
            case "stepWeight", "maxWeight" ->
                    isPercent(setting.value()) ? "" : "must be a number from 1 to 100";
            case "skipAnalysis" ->
                    Set.of("true", "false").contains(setting.value())
                            ? ""
                            : "must be true or false";
            case "METRIC.min", "METRIC.max" -> isNumber(setting.value()) ? "" : "must be a number";
            case "METRIC.onNoData", "METRIC.onProviderError" ->
                    WORDS.contains(setting.value()) ? "" : "must be fail, hold or pass";
            default -> "can not be set; what can is " + SETTABLE;
        };
    }

    @Override
    public RolloutSpec apply(RolloutSpec spec) {
        var other = RolloutSpec.newBuilder(spec);
        for (Setting setting : settings) {
            switch (setting.field()) {
                case "threshold" -> other.setThreshold(whole(setting));
                case "intervalSeconds" -> other.setIntervalMillis(1_000L * whole(setting));
                case "iterations" -> {
                    if (spec.getChecks() == null) {
                        other.setIterations(whole(setting));
                    } else {
                        other.setChecks(whole(setting));
                    }
                }
                case "stepWeight" -> {
                    other.setStepWeight(whole(setting)).setStepWeights(List.of());
                    other.setFineWeights(steps(other.getFineWeights(), 100 * whole(setting)));
                }
                case "maxWeight" -> {
                    other.setMaxWeight(whole(setting)).setMaxWeightWritten(whole(setting));
                    other.setFineWeights(most(other.getFineWeights(), 100 * whole(setting)));
                }
                case "skipAnalysis" -> other.setSkipAnalysis(Boolean.parseBoolean(setting.value()));
                default -> other.setMetrics(metrics(other.getMetrics(), setting));
            }
        }
        return other.build();
    }

    /** What is set and changes nothing of a manifest, in words. */
    List<String> missing(RolloutSpec spec) {
        var names = spec.getMetrics().stream().map(MetricSpec::getName).toList();
        List<String> missing = new ArrayList<>();
        settings.stream()
                .map(Setting::metric)
                .filter(metric -> !metric.isEmpty() && !names.contains(metric))
                .distinct()
                .map(metric -> "has no metric " + metric)
                .forEach(missing::add);
        var fields = settings.stream().map(Setting::field).toList();
        if (fields.contains("maxWeight")
                && !fields.contains("stepWeight")
                && !spec.getStepWeights().isEmpty()) {
            missing.add("has stepWeights, so that maxWeight changes nothing");
        }
        return missing;
    }

    private static @Nullable FineWeights steps(@Nullable FineWeights fine, int basisPoints) {
        return fine == null
                ? null
                : FineWeights.newBuilder(fine)
                        .setStepWeight(basisPoints)
                        .setStepWeights(List.of())
                        .build();
    }

    private static @Nullable FineWeights most(@Nullable FineWeights fine, int basisPoints) {
        return fine == null
                ? null
                : FineWeights.newBuilder(fine)
                        .setMaxWeight(basisPoints)
                        .setMaxWeightWritten(basisPoints)
                        .build();
    }

    private static List<MetricSpec> metrics(List<MetricSpec> metrics, Setting setting) {
        return metrics.stream()
                .map(each -> each.getName().equals(setting.metric()) ? set(each, setting) : each)
                .toList();
    }

    private static MetricSpec set(MetricSpec metric, Setting setting) {
        var other = MetricSpec.newBuilder(metric);
        switch (setting.field()) {
            case "min" -> ranged(other).setMin(Double.valueOf(setting.value()));
            case "max" -> ranged(other).setMax(Double.valueOf(setting.value()));
            case "onNoData" -> other.setOnNoData(word(setting));
            default -> other.setOnProviderError(word(setting));
        }
        return other.build();
    }

    /** The same with a range, which its older single bound becomes, as Flagger reads it. */
    private static MetricSpec.Builder ranged(MetricSpec.Builder metric) {
        Double bound = metric.getThreshold();
        if (!metric.getRange() && bound != null) {
            if (metric.getName().equals(SUCCESS_RATE)) {
                metric.setMin(bound);
            } else {
                metric.setMax(bound);
            }
        }
        return metric.setRange(true);
    }

    private static OnUnknown word(Setting setting) {
        return OnUnknown.valueOf(setting.value().toUpperCase(Locale.ROOT));
    }

    private static int whole(Setting setting) {
        return Integer.parseInt(setting.value());
    }

    private static boolean isWhole(String text) {
        return text.matches("[1-9]\\d{0,6}");
    }

    private static boolean isPercent(String text) {
        return text.matches("[1-9]\\d?|100");
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d+(\\.\\d+)?");
    }
}
