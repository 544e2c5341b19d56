package dev.serinus.router.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Kubernetes events about what no run is asked about, since it happens while nothing is released.
 */
final class DriftEvents {

    private DriftEvents() {}

    /** Somebody else changes an object time and again; of the same name for the same two. */
    static ClusterObject contested(Canary canary, Ref ref, String by, Instant at) {
        return warning(
                canary,
                "Contested",
                ref + " " + by,
                "%s %s is changed again and again by %s, and put back each time: let only one of both write its spec"
                        .formatted(ref.kind().name().toLowerCase(Locale.ROOT), ref.dotted(), by),
                at);
    }

    /** Something is not as it has to be, and cannot be; of the same name for the same reason. */
    static ClusterObject unrepaired(Canary canary, String because, Instant at) {
        return warning(
                canary, "NotRepaired", because, "Not as it has to be for now: " + because, at);
    }

    private static ClusterObject warning(
            Canary canary, String reason, String about, String message, Instant at) {
        var meta = canary.getMetadata();
        var json = JsonNodeFactory.instance;
        String digest = Revision.digest(about).substring(0, 10);
        String time = at.truncatedTo(ChronoUnit.SECONDS).toString();
        var involved =
                json.objectNode()
                        .put("apiVersion", Kind.CANARY.apiVersion())
                        .put("kind", Kind.CANARY.name())
                        .put("namespace", meta.getNamespace())
                        .put("name", meta.getName())
                        .put("uid", meta.getUid());
        return ClusterObject.blank(
                        Kind.EVENT.named(meta.getNamespace(), meta.getUid() + "-" + digest))
                .edited(
                        edit ->
                                edit.put("involvedObject", involved)
                                        .put("type", json.textNode("Warning"))
                                        .put("reason", json.textNode(reason))
                                        .put("message", json.textNode(message))
                                        .put(
                                                "source",
                                                json.objectNode().put("component", "flagger"))
                                        .put("reportingComponent", json.textNode("flagger"))
                                        .put("firstTimestamp", json.textNode(time))
                                        .put("lastTimestamp", json.textNode(time))
                                        .put("count", json.numberNode(1)));
    }
}
