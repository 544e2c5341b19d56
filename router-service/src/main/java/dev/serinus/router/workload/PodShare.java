package dev.serinus.router.workload;

import dev.serinus.schemas.canary.Weight;

import java.util.Optional;

/** How many pods a share of the traffic needs. */
public final class PodShare {

    private static final int ALL = Weight.ALL.basisPoints();

    private PodShare() {}

    /**
     * How many of the pods that carry all traffic carry a share of it: rounded up, at least one.
     *
     * @param share above 0
     * @param all how many carry all of it
     */
    public static int of(Weight share, int all) {
        return Math.clamp(Math.ceilDiv((long) all * share.basisPoints(), ALL), 1, Math.max(1, all));
    }

    /**
     * How many pods have a share of what one Service sends to them and to others beside them:
     * rounded up, at least one, and no more than those others, which is all of them for half of the
     * traffic and more.
     *
     * @param share above 0
     * @param others that have the rest
     */
    public static int beside(Weight share, int others) {
        int rest = share.rest().basisPoints();
        long pods = rest == 0 ? others : Math.ceilDiv((long) others * share.basisPoints(), rest);
        return Math.clamp(pods, 1, Math.max(1, others));
    }

    /**
     * True where so many pods have more of what one Service sends to them and to others than may be
     * taken for a share: more than twice of it, or than half of the rest besides.
     *
     * @param share above 0; of all traffic nothing is beyond
     * @param pods 0 or more
     * @param others 0 or more
     */
    public static boolean isBeyond(Weight share, int pods, int others) {
        return Weight.ALL.isAbove(share)
                && Weight.ofParts(pods, others).isAbove(share.plus(most(share)));
    }

    private static Weight most(Weight share) {
        return share.atMost(new Weight(share.rest().basisPoints() / 2));
    }

    /**
     * Why a share cannot be had beside so many pods of a primary; empty where it can.
     *
     * @param share above 0
     * @param others that have the rest
     * @param primary what they are called
     */
    public static Optional<String> beyond(Weight share, int others, String primary) {
        int pods = beside(share, others);
        return isBeyond(share, pods, others)
                ? Optional.of(
                        "%d of the canary's pods beside %d of %s gets %d percent of the connections, too far beyond the %s percent of the step: begin with as much, or have at least %d pods there"
                                .formatted(
                                        pods,
                                        others,
                                        primary,
                                        Weight.ofParts(pods, others).wholePercent(),
                                        share,
                                        fewestBeside(share)))
                : Optional.empty();
    }

    /**
     * Beside how many others at least one pod has what may be taken for a share.
     *
     * @param share above 0
     */
    public static int fewestBeside(Weight share) {
        int others = 1;
        while (isBeyond(share, 1, others)) {
            others++;
        }
        return others;
    }

    /**
     * How many pods at least carry all traffic where so many were needed for a share of it: the
     * smallest number of which that share is rounded up to so many.
     *
     * @param share that they carry; 0 where that is not known
     * @param pods 0 or more
     */
    static int whole(Weight share, int pods) {
        return share.isAny() && pods > 0
                ? (int) Math.max(pods, (pods - 1L) * ALL / share.basisPoints() + 1)
                : pods;
    }

    /**
     * How many pods are to carry all traffic again when a share of it comes back from a canary: as
     * many as its pods tell of the whole. They tell that only where they are no more than its share
     * needs, and nothing makes a canary smaller whose share was larger once. So it is never more
     * than carried all before it began, unless those that leave are more.
     *
     * @param share that they carry; 0 where that is not known
     * @param leaving pods that carry it, 0 or more
     * @param before how many carried all traffic before
     */
    public static int returning(Weight share, int leaving, int before) {
        return Math.max(leaving, Math.min(before, whole(share, leaving)));
    }
}
