package dev.serinus.analysis.rollout.judge.statistics;

/** Student's t distribution. */
public final class StudentT {

    private static final int STEPS = 200;

    private StudentT() {}

    /**
     * The chance of a value above t.
     *
     * @param degrees degrees of freedom, above 0, not necessarily whole
     */
    public static double above(double t, double degrees) {
        if (Double.isInfinite(t)) {
            return t > 0 ? 0 : 1;
        }
        if (t < 0) {
            return 1 - above(-t, degrees);
        }
        double x = degrees / (degrees + t * t);
        if (x >= 1) {
            return 0.5;
        }
        return 0.5 * StrictMath.exp(Beta.lnBelow(degrees / 2, 0.5, x));
    }

    /**
     * The t above which there is a share {@code p} of the distribution.
     *
     * @param p above 0, at most one half
     */
    public static double quantileAbove(double p, double degrees) {
        double t = StrictMath.max(0, Normal.quantileAbove(p));
        double scale = -Beta.lnBeta(degrees / 2, 0.5) - 0.5 * StrictMath.log(degrees);
        // The tail is convex and heavier than the normal one, so that Newton's steps come from the
        // left.
        for (int i = 0; i < STEPS; i++) {
            double density =
                    StrictMath.exp(scale - (degrees + 1) / 2 * StrictMath.log1p(t * t / degrees));
            double step = (above(t, degrees) - p) / density;
            t += step;
            if (!(StrictMath.abs(step) > 1e-13 * t)) {
                break;
            }
        }
        return t;
    }
}
