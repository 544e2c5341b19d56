package dev.serinus.loadtester.task;

/**
 * How far a rollout is that asks for a run.
 *
 * @param phase Flagger's; empty where the hook did not say
 * @param run number of the rollout's run, 1 or more; 0 where the hook did not say, as Flagger's do
 */
public record RunFacts(String phase, long run) {

    /** Nothing is known. */
    public static final RunFacts UNKNOWN = new RunFacts("", 0);
}
