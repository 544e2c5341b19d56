package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One kind of autoscaler. Says how its objects shall be and writes nothing. */
interface Scaler {

    Kind kind();

    /** What Flagger's messages call it. */
    String title();

    /**
     * Makes a copy of the target's spec the primary's, but for what the Canary asks for; its name
     * of the workload is the primary's already.
     */
    void toPrimary(Target target, ObjectNode spec);

    /** Puts into the primary's spec what the Canary asks for in it, whatever the target's says. */
    void ask(AutoscalerRef ref, ObjectNode spec);

    /**
     * What the Canary asks for in the primary's spec and that has no place there, as paths with the
     * names of triggers; empty where all has one.
     */
    List<String> misplaced(AutoscalerRef ref, JsonNode spec);

    /** Gives the primary's copy those annotations of the target's that it needs. */
    void annotate(ClusterObject source, Edit copy);

    /** How many pods it begins with. */
    int minimum(ClusterObject scaler);

    /** How few pods it leaves where nothing is to do. */
    int least(ClusterObject scaler);

    /** Where its spec says with how many pods it begins. */
    String minimumField();

    /** Where its spec says how few pods are enough where nothing is to do; null where it cannot. */
    @Nullable String idleField();

    /** How many pods it gives at most. */
    int maximum(ClusterObject scaler);

    /** True when it scales even a workload without pods, so that it must be held still then. */
    boolean wakes();

    /** Holds it still at no pods. */
    void pause(Edit scaler);

    /** Lets it go on. */
    void resume(Edit scaler);
}
