package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.manifest.Finding.Level;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the services know of the parts of manifests that are theirs alone. Whoever judges manifests
 * brings as much of it as is on its class path.
 */
public interface ServiceRules {

    /** Of whoever has none of them beside it. */
    ServiceRules UNKNOWN =
            new ServiceRules() {
                @Override
                public Set<String> alertTypes() {
                    return Set.of();
                }

                @Override
                public List<String> problems(AlertProviderSpec provider) {
                    return List.of();
                }

                @Override
                public List<String> problems(
                        AlertProviderSpec provider, Map<String, String> secret) {
                    return List.of();
                }

                @Override
                public List<String> secretKeys() {
                    return List.of();
                }

                @Override
                public List<ObjectProblem> problems(
                        Canary canary,
                        Installation installation,
                        List<JsonNode> objects,
                        List<Weight> weights) {
                    return List.of();
                }

                @Override
                public Optional<String> askedOfTarget(Canary canary, List<Weight> weights) {
                    return Optional.empty();
                }

                @Override
                public Optional<Weight> share(Weight weight, JsonNode target) {
                    return Optional.empty();
                }

                @Override
                public List<String> problems(LoadTesterHook hook) {
                    return List.of();
                }
            };

    /** Types of AlertProviders that are served; none where that is not known here. */
    Set<String> alertTypes();

    /** Every mistake of a provider of a known type; a path ends with a blank. */
    List<String> problems(AlertProviderSpec provider);

    /**
     * Every mistake of its Secret.
     *
     * @param secret its keys and values; none is quoted
     */
    List<String> problems(AlertProviderSpec provider, Map<String, String> secret);

    /** Keys of such a Secret that are read. */
    List<String> secretKeys();

    /**
     * All that is to be said of a hook at a load tester: a sentence each that begins with the field
     * and a colon.
     */
    List<String> problems(LoadTesterHook hook);

    /**
     * What the router would refuse of an admitted Canary by the objects beside it.
     *
     * @param objects its target, what sizes it, and whose pods have its label
     * @param weights of its steps, above 0, rising; empty where it has none
     */
    List<ObjectProblem> problems(
            Canary canary, Installation installation, List<JsonNode> objects, List<Weight> weights);

    /** What a target has to have that is not there to be looked at, such as {@code with …}. */
    Optional<String> askedOfTarget(Canary canary, List<Weight> weights);

    /**
     * The share that a canary's pods make, in whole percent, where pods make the split; empty where
     * the target does not say how many the primary has.
     *
     * @param weight that is asked for, above 0
     */
    Optional<Weight> share(Weight weight, JsonNode target);

    /**
     * What is wrong with an object that is beside a Canary.
     *
     * @param object its place among those that were given
     * @param path of its field
     */
    record ObjectProblem(int object, String path, String words, Level level) {}

    /**
     * A hook that calls a load tester.
     *
     * @param path of its address; empty for none
     * @param timeout how long its answer is waited for
     */
    record LoadTesterHook(
            HookType type, String path, Map<String, String> metadata, Duration timeout) {
        public LoadTesterHook {
            metadata = Map.copyOf(metadata);
        }
    }
}
