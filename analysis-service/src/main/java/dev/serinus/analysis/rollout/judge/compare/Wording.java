package dev.serinus.analysis.rollout.judge.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Puts what was found into sentences. */
final class Wording {

    private static final MathContext DIGITS = new MathContext(3);

    private final String metric;
    private final String against;
    private final Comparison how;

    Wording(String metric, String against, Comparison how) {
        this.metric = metric;
        this.against = against;
        this.how = how;
    }

    String noValues(Values values) {
        boolean canary = values.canarySize() == 0;
        boolean other = values.otherSize() == 0;
        String who = canary && other ? "either side" : "the " + (canary ? "canary" : against);
        return "%s has no values of %s%s".formatted(metric, who, dropped(values.dropped()));
    }

    String noTrials(boolean canary) {
        return "%s counted no trials of the %s".formatted(metric, canary ? "canary" : against);
    }

    String noCounts(boolean canary, Counts counts) {
        return "%s has %s events of %s trials of the %s, which are no counts"
                .formatted(
                        metric,
                        number(counts.events()),
                        number(counts.trials()),
                        canary ? "canary" : against);
    }

    String tooFarApart(Values values) {
        return "%s has a mean of %s of the canary and of %s of the %s, too far apart to be compared%s"
                .formatted(
                        metric,
                        number(values.canaryMean()),
                        number(values.otherMean()),
                        against,
                        dropped(values.dropped()));
    }

    String tooFew(Values values, int needed) {
        return "%s has %d values of the canary and %d of the %s; %d of each are needed%s"
                .formatted(
                        metric,
                        values.canarySize(),
                        values.otherSize(),
                        against,
                        needed,
                        dropped(values.dropped()));
    }

    String cannotTell(Values values) {
        return "%s has %d values of the canary and %d of the %s, too few to show harm at level %s%s"
                .formatted(
                        metric,
                        values.canarySize(),
                        values.otherSize(),
                        against,
                        number(how.level()),
                        dropped(values.dropped()));
    }

    String tooFewTrials(Counts canary, Counts other, int needed) {
        return "%s counted %s trials of the canary and %s of the %s; %d of each are needed"
                .formatted(
                        metric, number(canary.trials()), number(other.trials()), against, needed);
    }

    String samples(Finding finding, int dropped) {
        // The sequential interval of a mean leaves out alpha on both sides together.
        double left = how.method() == Method.SEQUENTIAL ? how.alpha() : 2 * how.level();
        return sentence(metric, finding, left, samplesEffect(finding)) + dropped(dropped);
    }

    /** Of the mean, where ranks say something else. */
    String mean(Finding finding, int dropped) {
        return sentence("the mean of " + metric, finding, 2 * how.level(), samplesEffect(finding))
                + dropped(dropped);
    }

    String counts(Finding finding) {
        String effect =
                "%s against %s of the %s %s"
                        .formatted(
                                percent(finding.canaryMean()),
                                percent(finding.otherMean()),
                                against,
                                finding.scale() == Scale.RATIO
                                        ? "(ratio " + number(finding.effect())
                                        : "(difference " + percent(finding.effect()));
        return sentence(metric, finding, 2 * how.level(), effect);
    }

    private String samplesEffect(Finding finding) {
        double off = relative(finding, finding.effect());
        String size = amount(finding, StrictMath.abs(off));
        if (off == 0) {
            return "level with the %s's (".formatted(against);
        }
        return "%s %s the %s's (".formatted(size, off > 0 ? "above" : "below", against);
    }

    private String sentence(String what, Finding finding, double left, String effect) {
        boolean open = effect.endsWith("(");
        return "%s of the canary is %s%s%s %% interval %s to %s, tolerance %s)%s"
                .formatted(
                        what,
                        effect,
                        open ? "" : ", ",
                        number(100 * (1 - left)),
                        limit(finding, finding.lower(), open),
                        limit(finding, finding.upper(), open),
                        tolerance(),
                        verdict(finding.classification()));
    }

    private String verdict(Classification classification) {
        return switch (classification) {
            case HIGH, LOW, NODATA -> "";
            case PASS ->
                    how.method() == Method.SEQUENTIAL
                            ? ": shown to be harmless"
                            : ": no harm is shown";
            case UNDECIDED -> ": neither harm nor its absence is shown yet";
        };
    }

    private static String limit(Finding finding, double limit, boolean samples) {
        if (samples) {
            return amount(finding, relative(finding, limit));
        }
        return finding.scale() == Scale.RATIO ? number(limit) : percent(limit);
    }

    /** How far above the other side, as a share of it where there is such a share. */
    private static double relative(Finding finding, double effect) {
        if (finding.scale() == Scale.RATIO) {
            return effect - 1;
        }
        return finding.reference() == 0 ? effect : effect / StrictMath.abs(finding.reference());
    }

    private static String amount(Finding finding, double relative) {
        boolean share = finding.scale() == Scale.RATIO || finding.reference() != 0;
        return share ? percent(relative) : number(relative);
    }

    private String tolerance() {
        return percent(how.tolerance()) + (how.floor() > 0 ? " and " + number(how.floor()) : "");
    }

    private static String dropped(int values) {
        return values == 0 ? "" : "; %d that are no finite numbers were left out".formatted(values);
    }

    static String percent(double share) {
        return number(100 * share) + " %";
    }

    /** Three digits, more only for whole numbers. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "unknown";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        if (value == StrictMath.rint(value) && StrictMath.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal digits =
                StrictMath.abs(value) >= 1_000
                        ? exact.setScale(0, RoundingMode.HALF_UP)
                        : exact.round(DIGITS);
        double size = StrictMath.abs(value);
        BigDecimal bare = digits.stripTrailingZeros();
        return size < 1e-6 || size >= 1e15 ? bare.toString() : bare.toPlainString();
    }
}
