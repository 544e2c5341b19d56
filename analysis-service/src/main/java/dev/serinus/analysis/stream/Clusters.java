package dev.serinus.analysis.stream;

/**
 * Knows which clusters are set up. A record for a missing topic would abort the transaction, and
 * with it the decisions of every other cluster, again and again; so nothing is decided for a
 * cluster before all that a decision may write to exists.
 */
public interface Clusters {

    /** True when every topic of this cluster, and every public one, exists. */
    boolean complete(String cluster);

    /** Whether its rollouts can share budgets with others. */
    enum Sharing {
        /** The topics exist for that. */
        POSSIBLE,
        /** They do not, as at a hub of an older version. */
        IMPOSSIBLE,
        /** The broker does not say, or the cluster is not complete. */
        UNKNOWN
    }

    /** Whether its rollouts can share budgets with others, as far as is known. */
    Sharing sharing(String cluster);

    /** Says that a topic turned out to be missing: the next question is asked of the broker. */
    void doubt();
}
