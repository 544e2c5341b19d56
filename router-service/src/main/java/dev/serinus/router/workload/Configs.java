package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The configs of the target that the primary gets copies of, so that an edit reaches the primary
 * only with a promotion.
 */
public final class Configs {

    static final String SUFFIX = "-primary";

    private static final String TRACKING = "flagger.app/config-tracking";
    private static final Set<String> SECRET_TYPES =
            Set.of(
                    "Opaque",
                    "kubernetes.io/basic-auth",
                    "kubernetes.io/ssh-auth",
                    "kubernetes.io/tls");

    private final Cluster cluster;
    private final Installation installation;

    public Configs(Cluster cluster, Installation installation) {
        this.cluster = cluster;
        this.installation = installation;
    }

    /** The configs of a pod template that are tracked, as they are now. */
    Map<ConfigRef, ClusterObject> tracked(String namespace, JsonNode template) {
        Map<ConfigRef, ClusterObject> tracked = new LinkedHashMap<>();
        if (!installation.configTracking()) {
            return tracked;
        }
        Map<ConfigRef, Boolean> optional = new LinkedHashMap<>();
        ConfigRef.places(template.path("spec"))
                .forEach(place -> optional.put(place.config(), place.isOptional()));
        optional.forEach(
                (config, mayBeMissing) -> {
                    var ref = config.kind().named(namespace, config.name());
                    var found = cluster.find(ref);
                    if (found == null && !mayBeMissing) {
                        throw Refusal.missing(ref);
                    }
                    if (found != null && isTracked(found)) {
                        tracked.put(config, found);
                    }
                });
        return tracked;
    }

    private static boolean isTracked(ClusterObject config) {
        String choice = config.annotation(TRACKING);
        boolean known =
                !config.ref().kind().equals(Kind.SECRET)
                        || SECRET_TYPES.contains(config.at("/type").asText("Opaque"));
        return known && (choice == null || !choice.startsWith("disable"));
    }

    /** What is to change so that the primary's copies are as the tracked configs are now. */
    List<Change> copies(Canary canary, Map<ConfigRef, ClusterObject> tracked) {
        List<Change> changes = new ArrayList<>();
        tracked.values()
                .forEach(
                        source -> {
                            var ref =
                                    source.ref()
                                            .kind()
                                            .named(
                                                    source.ref().namespace(),
                                                    source.ref().name() + SUFFIX);
                            var live = cluster.find(ref);
                            var before = live == null ? ClusterObject.blank(ref) : live;
                            changes.add(
                                    new Change(
                                            live,
                                            before.edited(edit -> copy(canary, source, edit))));
                        });
        return changes;
    }

    private void copy(Canary canary, ClusterObject source, Edit edit) {
        edit.put("data", source.at("/data"));
        // Flagger leaves binaryData out, so that the primary's pods miss their files.
        edit.put("binaryData", source.at("/binaryData"));
        if (source.ref().kind().equals(Kind.SECRET)) {
            edit.put("type", source.at("/type"));
        }
        edit.label(Labels.included(source.labels(), installation.includeLabelPrefixes()));
        edit.sharedBy(canary);
    }

    /** Names of configs in the primary's template that are copies of this Canary's making. */
    Set<ConfigRef> copiesIn(Canary canary, JsonNode primaryTemplate) {
        var copies = new HashSet<ConfigRef>();
        ConfigRef.places(primaryTemplate.path("spec")).stream()
                .map(ConfigRef.Place::config)
                .distinct()
                .filter(config -> config.name().endsWith(SUFFIX))
                .forEach(
                        config -> {
                            var found =
                                    cluster.find(
                                            config.kind()
                                                    .named(
                                                            canary.getMetadata().getNamespace(),
                                                            config.name()));
                            if (found != null && isCopy(found, canary)) {
                                copies.add(config);
                            }
                        });
        return copies;
    }

    private static boolean isCopy(ClusterObject config, Canary canary) {
        for (JsonNode owner : config.at("/metadata/ownerReferences")) {
            if (owner.path("uid").asText().equals(canary.getMetadata().getUid())) {
                return true;
            }
        }
        return false;
    }

    /** Gives the references of a template new names where they have one. */
    static ObjectNode renamed(JsonNode template, UnaryOperator<ConfigRef> names) {
        ObjectNode copy =
                template instanceof ObjectNode node
                        ? node.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        for (var place : ConfigRef.places(copy.path("spec"))) {
            place.rename(names.apply(place.config()).name());
        }
        return copy;
    }
}
