package dev.serinus.conformance.run;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Where one scenario is played: a cluster with Serinus at work, and its time. What a person would
 * do with kubectl; a refusal is a {@link Refused} with the API server's words.
 */
public interface World {

    /** The API server refused what the scenario wanted. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Refused(String because) {
            super(because);
        }
    }

    /** Creates the scenario's namespace. */
    void open();

    /** {@code kubectl apply}: in the scenario's namespace unless a manifest names another. */
    void apply(String manifests);

    /**
     * A JSON merge patch, of the status when asked for; the object is {@code deployment/podinfo}.
     */
    void patch(String object, JsonNode patch, boolean status);

    /** {@code kubectl set image} of one container. */
    void setImage(String workload, String container, String image);

    /** {@code kubectl annotate --overwrite} with these words. */
    void annotate(List<String> words);

    /** {@code kubectl delete} with these words. */
    void delete(List<String> words);

    /** Something that works on until it is closed. */
    interface Work extends AutoCloseable {
        @Override
        void close();
    }

    /** Runs a bash script to its end, or for so long, and returns what it said. */
    String shell(String script, Duration limit) throws InterruptedException;

    /** Begins a bash script and leaves it at work. */
    Work background(String script);

    /** All objects of the scenario that recordings follow, by kind and name, in their order. */
    Map<String, JsonNode> objects();

    /** Lets time pass. */
    void sleep(Duration time) throws InterruptedException;

    /** Lets time pass until this is so; false when it is not in time. */
    boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException;

    /** Seconds on the clock of the recording. */
    double now();
}
