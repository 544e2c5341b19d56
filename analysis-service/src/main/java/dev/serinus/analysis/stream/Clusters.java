package dev.serinus.analysis.stream;

/**
 * Knows which clusters are set up. A record for a missing topic would abort the transaction, and
 * with it the decisions of every other cluster, again and again; so nothing is decided for a
 * cluster before all that a decision may write to exists.
 */
public interface Clusters {

    /** True when every topic of this cluster, and every public one, exists. */
    boolean complete(String cluster);

    /** Says that a topic turned out to be missing: the next question is asked of the broker. */
    void doubt();
}
