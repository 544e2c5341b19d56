package dev.serinus.demo.screen;

import java.util.OptionalDouble;

/** What can be seen at one moment: phase, split, and both sides as they were just measured. */
public record ScreenState(String phase, Side primary, Side canary) {

    /** What the numbers of both sides are, for who wonders about some of them. */
    public static final String LEGEND =
            "of the last 3 s, also where the weight has just changed; p99 is estimated from a"
                    + " histogram's buckets, as Prometheus does";

    /**
     * One side of the split.
     *
     * @param version what its pods run; empty without pods
     * @param weight percent of the traffic, as the route says
     * @param perSecond requests per second
     * @param successRate percent; empty without requests
     * @param p99Millis 99 % of the answers came within this; empty without requests
     */
    public record Side(
            String version,
            int weight,
            double perSecond,
            OptionalDouble successRate,
            OptionalDouble p99Millis) {

        /** The measurements in words. */
        public String measured() {
            return "%5.1f req/s   success %8s   p99 %7s"
                    .formatted(perSecond, shown(successRate, " %"), shown(p99Millis, " ms"));
        }

        private static String shown(OptionalDouble value, String unit) {
            return value.isEmpty() ? "-" : "%.1f%s".formatted(value.getAsDouble(), unit);
        }
    }
}
