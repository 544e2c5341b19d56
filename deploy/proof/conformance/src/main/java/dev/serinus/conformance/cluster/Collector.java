package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.time.Timeline;

import java.time.Duration;

/** Takes away what belonged to an object that is gone. */
final class Collector {

    private static final Duration LATENCY = Duration.ofMillis(200);

    private final Objects objects;
    private final Timeline timeline;

    Collector(Objects objects, Timeline timeline) {
        this.objects = objects;
        this.timeline = timeline;
    }

    /** Follows every deletion from now on. */
    void start() {
        objects.onChange(
                (_, change, object) -> {
                    if (change == Objects.Change.DELETED) {
                        String uid = object.at("/metadata/uid").asText();
                        timeline.at(timeline.instant().plus(LATENCY), () -> collect(uid));
                    }
                });
    }

    private void collect(String uid) {
        Resource.all()
                .forEach(
                        resource ->
                                objects.list(resource, null).stream()
                                        .filter(object -> isOwned(object, uid))
                                        .forEach(object -> collect(resource, object)));
    }

    /** Takes off the owners that are gone; without any left the object goes. */
    private void collect(Resource resource, ObjectNode object) {
        var kept = object.deepCopy();
        var owners = kept.withObjectProperty("metadata").withArrayProperty("ownerReferences");
        for (int i = owners.size() - 1; i >= 0; i--) {
            if (!lives(owners.path(i).path("uid").asText())) {
                owners.remove(i);
            }
        }
        if (owners.isEmpty()) {
            delete(resource, object);
        } else {
            var _ = objects.replace(resource, kept, false);
        }
    }

    private boolean lives(String uid) {
        return Resource.all()
                .flatMap(resource -> objects.list(resource, null).stream())
                .anyMatch(object -> object.at("/metadata/uid").asText().equals(uid));
    }

    private static boolean isOwned(ObjectNode object, String uid) {
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            if (owner.path("uid").asText().equals(uid)) {
                return true;
            }
        }
        return false;
    }

    private void delete(Resource resource, ObjectNode object) {
        objects.delete(
                resource,
                object.at("/metadata/namespace").asText(),
                object.at("/metadata/name").asText());
    }
}
