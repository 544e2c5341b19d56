package dev.serinus.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.StatusUpdate;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.JsonObjects;
import dev.serinus.watcher.cluster.WatchedCanary;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes Canary.status. One request in the usual case: the patch is made against what the watch
 * shows, or what this writer wrote last, and names that version; when it is not the newest the API
 * server says so, and the patch is made again against what is. A status never goes back: an
 * announcement that is not newer than the one already written changes nothing.
 */
final class StatusWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    /**
     * A status and the version of the object it was found in.
     *
     * @param claimed the object carried this installation's claim
     */
    private record Base(String uid, String version, boolean claimed, JsonNode status) {}

    private final Cluster cluster;
    private final KubernetesClient client;
    private final Persistence persistence;
    private final InstantSource clock;
    private final Map<CanaryKey, Base> written = new ConcurrentHashMap<>();

    StatusWriter(
            Cluster cluster,
            KubernetesClient client,
            Persistence persistence,
            InstantSource clock) {
        this.cluster = cluster;
        this.client = client;
        this.persistence = persistence;
        this.clock = clock;
        cluster.canaries().onChange(this::forgetGone);
    }

    void write(CanaryKey canary, Announcement announcement, StatusUpdate update)
            throws InterruptedException {
        var base = newest(canary);
        while (base != null && base.uid().equals(announcement.getUid())) {
            if (StatusPatch.sequence(base.status()) >= announcement.getSequence()) {
                return;
            }
            try {
                patch(canary, base, announcement, update);
                return;
            } catch (KubernetesClientException answer) {
                base =
                        switch (answer.getCode()) {
                            case 404 -> null;
                            case 409 -> read(canary);
                            default -> throw refused(announcement, answer);
                        };
            }
        }
        LOG.atInfo()
                .addKeyValue("canary", canary)
                .addKeyValue("sequence", announcement.getSequence())
                .log("the Canary is gone, its status is not written");
    }

    private void patch(CanaryKey canary, Base base, Announcement announcement, StatusUpdate update)
            throws InterruptedException {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", base.version());
        patch.set(
                "status",
                StatusPatch.of(
                        base.status(),
                        base.claimed(),
                        update,
                        announcement.getSequence(),
                        clock.instant()));
        var after =
                persistence.ask(
                        canary,
                        "write status",
                        () ->
                                known(canary)
                                        .subresource("status")
                                        .patch(
                                                PatchContext.of(PatchType.JSON_MERGE),
                                                patch.toString()));
        if (after != null) {
            written.put(canary, base(after));
        }
    }

    private static IllegalStateException refused(
            Announcement announcement, KubernetesClientException answer) {
        return new IllegalStateException(
                "the API server refuses the status of announcement %d of %s with %d: %s"
                        .formatted(
                                announcement.getSequence(),
                                announcement.getCanary(),
                                answer.getCode(),
                                answer.getMessage()),
                answer);
    }

    private @Nullable Base newest(CanaryKey canary) {
        var seen = cluster.canary(canary).map(StatusWriter::base).orElse(null);
        var ours = written.get(canary);
        return seen != null && ours != null && seen.uid().equals(ours.uid()) && isNewer(ours, seen)
                ? ours
                : seen;
    }

    /**
     * Versions of one kind of object are numbers that grow; where they are not, the watch counts.
     */
    private static boolean isNewer(Base one, Base other) {
        try {
            return Long.parseLong(one.version()) > Long.parseLong(other.version());
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private @Nullable Base read(CanaryKey canary) throws InterruptedException {
        @Nullable GenericKubernetesResource object =
                persistence.ask(canary, "read Canary", () -> resource(canary).get());
        return object == null ? null : base(object);
    }

    /**
     * Addressed by an object: addressed by its name, the client would read it before it patches.
     */
    private Resource<GenericKubernetesResource> known(CanaryKey canary) {
        var named = new GenericKubernetesResource();
        named.setApiVersion("flagger.app/v1beta1");
        named.setKind("Canary");
        named.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(canary.namespace())
                        .withName(canary.name())
                        .build());
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace(canary.namespace())
                .resource(named);
    }

    private Resource<GenericKubernetesResource> resource(CanaryKey canary) {
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace(canary.namespace())
                .withName(canary.name());
    }

    private Base base(GenericKubernetesResource object) {
        var meta = object.getMetadata();
        return new Base(
                meta.getUid(),
                meta.getResourceVersion(),
                cluster.claims().holds(object),
                JsonObjects.status(object));
    }

    private static Base base(Observed<WatchedCanary> seen) {
        return new Base(
                seen.uid(), seen.resourceVersion(), seen.value().claimed(), seen.value().status());
    }

    private void forgetGone(
            @Nullable Observed<WatchedCanary> before, @Nullable Observed<WatchedCanary> after) {
        if (after == null && before != null) {
            written.remove(cluster.key(before));
        }
    }
}
