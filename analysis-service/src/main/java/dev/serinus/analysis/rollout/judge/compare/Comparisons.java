package dev.serinus.analysis.rollout.judge.compare;

/** Says whether one metric of a canary is worse than the other side's. */
public final class Comparisons {

    /** Beyond this a double leaves out whole numbers. */
    private static final double MOST_COUNTED = 0x1p53;

    private Comparisons() {}

    /** Compares with the primary: {@link #compare(String, Comparison, Side, String, Side)}. */
    public static Compared compare(String metric, Comparison how, Side canary, Side other) {
        return compare(metric, how, canary, "primary", other);
    }

    /**
     * Compares.
     *
     * @param metric its name, for the sentence
     * @param against what the other side is called, for the sentence
     * @throws IllegalArgumentException when the method does not compare sides of this kind, see
     *     {@link Method#compares}
     */
    public static Compared compare(
            String metric, Comparison how, Side canary, String against, Side other) {
        Wording words = new Wording(metric, against, how);
        if (canary instanceof Samples one
                && other instanceof Samples two
                && how.method().compares(one, two)) {
            return values(words, how, how.minimum(one), Values.of(one, two));
        }
        if (canary instanceof Counts one
                && other instanceof Counts two
                && how.method().compares(one, two)) {
            return counted(words, how, one, two);
        }
        throw new IllegalArgumentException(
                "%s: %s does not compare %s with %s"
                        .formatted(metric, how.method().word(), kind(canary), kind(other)));
    }

    private static Compared values(Wording words, Comparison how, int least, Values values) {
        Finding none = Finding.none(values.canarySize(), values.otherSize());
        if (values.canarySize() == 0 || values.otherSize() == 0) {
            return none.with(Classification.NODATA, how.method(), words.noValues(values));
        }
        Finding few = none.means(values.canaryMean(), values.otherMean());
        // A variance needs two values, and few ranks cannot say anything at a strict level.
        int needed = StrictMath.max(least, 2);
        if (StrictMath.min(values.canarySize(), values.otherSize()) < needed) {
            return few.with(Classification.UNDECIDED, how.method(), words.tooFew(values, needed));
        }
        if (how.method().isByRank() && !RankJudge.canTell(how, values)) {
            return few.with(Classification.UNDECIDED, how.method(), words.cannotTell(values));
        }
        Finding found =
                switch (how.method()) {
                    case RATIO -> RatioJudge.find(how, values);
                    case MANN_WHITNEY, RANKS_AND_MEANS -> RankJudge.find(how, values);
                    case SEQUENTIAL -> SequentialJudge.find(how, values);
                    case PROPORTION ->
                            throw new IllegalStateException("proportion was given samples");
                };
        if (Double.isNaN(found.p())) {
            return few.with(Classification.UNDECIDED, how.method(), words.tooFarApart(values));
        }
        if (how.method() == Method.RANKS_AND_MEANS) {
            return ranksAndMeans(words, how, values, found);
        }
        return found.with(
                found.classification(), how.method(), words.samples(found, values.dropped()));
    }

    /** What ranks do not show means may: harm in less than half of the values. */
    private static Compared ranksAndMeans(
            Wording words, Comparison how, Values values, Finding byRank) {
        Finding byMean = RatioJudge.find(how, values);
        if (Double.isNaN(byMean.p())) {
            return byRank.chance(1)
                    .with(
                            byRank.classification().harm()
                                    ? byRank.classification()
                                    : Classification.UNDECIDED,
                            how.method(),
                            words.tooFarApart(values));
        }
        boolean decides = byMean.classification().harm() && !byRank.classification().harm();
        Finding found =
                (decides ? byMean : byRank)
                        .chance(StrictMath.min(1, 2 * StrictMath.min(byRank.p(), byMean.p())));
        return found.with(
                found.classification(),
                how.method(),
                decides
                        ? words.mean(found, values.dropped())
                        : words.samples(found, values.dropped()));
    }

    private static Compared counted(Wording words, Comparison how, Counts canary, Counts other) {
        if (!isCounted(canary) || !isCounted(other)) {
            boolean own = !isCounted(canary);
            return Finding.none(0, 0)
                    .with(
                            Classification.NODATA,
                            how.method(),
                            words.noCounts(own, own ? canary : other));
        }
        Counts one = rounded(canary);
        Counts two = rounded(other);
        Finding none = Finding.none(size(one), size(two));
        if (one.trials() == 0 || two.trials() == 0) {
            return none.with(
                    Classification.NODATA, how.method(), words.noTrials(one.trials() == 0));
        }
        Finding few = none.means(one.events() / one.trials(), two.events() / two.trials());
        int needed = how.minimum(one);
        if (StrictMath.min(one.trials(), two.trials()) < needed) {
            return few.with(
                    Classification.UNDECIDED, how.method(), words.tooFewTrials(one, two, needed));
        }
        Finding found =
                how.method() == Method.SEQUENTIAL
                        ? SequentialJudge.find(how, few, one, two)
                        : ProportionJudge.find(how, few, one, two);
        return found.with(found.classification(), how.method(), words.counts(found));
    }

    private static boolean isCounted(Counts counts) {
        return isCount(counts.events()) && isCount(counts.trials());
    }

    private static boolean isCount(double count) {
        return count >= 0 && count <= MOST_COUNTED;
    }

    private static Counts rounded(Counts counts) {
        double trials = StrictMath.rint(counts.trials());
        return new Counts(StrictMath.min(StrictMath.rint(counts.events()), trials), trials);
    }

    private static int size(Counts counts) {
        return (int) StrictMath.min(counts.trials(), Integer.MAX_VALUE);
    }

    private static String kind(Side side) {
        return switch (side) {
            case Samples _ -> "samples";
            case Counts _ -> "counts of events and trials";
        };
    }
}
