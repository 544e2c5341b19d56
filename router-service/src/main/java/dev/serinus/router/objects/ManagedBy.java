package dev.serinus.router.objects;

import java.util.Map;

/**
 * The label by which people find what was made for Canaries, with Flagger's name as its guides have
 * it: {@code kubectl get all -l app.kubernetes.io/managed-by=flagger}. It is put on with a write
 * that there is anyway, never by one of its own. The user's objects and pod templates have none.
 */
public final class ManagedBy {

    /** Its key. */
    public static final String LABEL = "app.kubernetes.io/managed-by";

    private static final Map<String, String> OURS = Map.of(LABEL, "flagger");

    private ManagedBy() {}

    /** With the label, where it was made for a Canary and does not say otherwise. */
    public static ClusterObject labelled(ClusterObject desired) {
        return desired.controllingCanary().isEmpty() || desired.labels().containsKey(LABEL)
                ? desired
                : desired.edited(edit -> edit.label(OURS));
    }

    /**
     * The same change, but what is written anyway says that it is ours, whatever it said before: an
     * earlier release copied who makes the user's object, such as Helm.
     */
    public static Change relabelled(Change change) {
        return change.live() == null || !change.isEffective()
                ? change
                : new Change(change.live(), change.desired().edited(edit -> edit.label(OURS)));
    }

    /** Takes the label away from what is made over to its user. */
    static void takeOff(Edit edit) {
        if (edit.hasLabels(OURS)) {
            edit.withoutLabels(LABEL::equals);
        }
    }
}
