package dev.serinus.demo.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatchException;

import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.util.List;
import java.util.UUID;

/**
 * fabric8's CRUD dispatcher, with the answers that a real API server gives where the mock falls
 * short of one: UIDs are never used again, the status of Deployments is a subresource, a merge
 * patch replaces lists and removes nulls, a patch that does not apply is refused instead of never
 * answered.
 */
final class ObjectStore extends KubernetesCrudDispatcher {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int UNPROCESSABLE = 422;
    private static final String MERGE_PATCH = "application/merge-patch+json";

    /** The kinds that this cluster knows before any CRD is applied. */
    private static final List<CustomResourceDefinitionContext> KINDS =
            List.of(
                    kind("apps", "v1", "Deployment", "deployments", true),
                    kind("apps", "v1", "DaemonSet", "daemonsets", true),
                    kind("gateway.networking.k8s.io", "v1", "Gateway", "gateways", true),
                    kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true));

    ObjectStore() {
        super(KINDS);
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        if (request.getPath().startsWith("/version")) {
            return new MockResponse().setResponseCode(200).setBody(VERSION);
        }
        try {
            return super.dispatch(request);
        } catch (JsonPatchException doesNotApply) {
            return refused(doesNotApply);
        }
    }

    private static final String VERSION =
            """
            {"major":"1","minor":"34","gitVersion":"v1.34.0-serinus-demo"}\
            """;

    /** What the request that is being handled created. */
    private @Nullable String created;

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
        created = null;
        MockResponse answer = super.handleCreate(request);
        return created == null ? answer : answer.setBody(created);
    }

    // The mock counts its UIDs from 1 in each process. Here what was deleted and created again, be
    // it in another run, must not be taken for the same.
    @Override
    public void processEvent(
            String path,
            AttributeSet pathAttributes,
            @Nullable AttributeSet oldAttributes,
            @Nullable GenericKubernetesResource resource,
            @Nullable String newState) {
        if (oldAttributes != null || resource == null) {
            super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
            return;
        }
        resource.getMetadata().setUid(UUID.randomUUID().toString());
        created = Serialization.asJson(resource);
        super.processEvent(path, pathAttributes, null, resource, created);
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        var type = request.getHeader("Content-Type");
        return type != null && type.startsWith(MERGE_PATCH)
                ? merge(request)
                : super.handlePatch(request);
    }

    // Requests are dispatched one after the other on the server's event loop, so that nothing comes
    // between reading the object and writing it.
    private MockResponse merge(RecordedRequest request) {
        String patch = request.getBody().readUtf8();
        MockResponse found = handleGet(request.getPath());
        if (found.code() != HttpURLConnection.HTTP_OK) {
            return found;
        }
        try {
            JsonNode now = JSON.readTree(found.getBody().getBytes());
            JsonNode then = merged(now, JSON.readTree(patch));
            return handleUpdate(
                    new RecordedRequest(
                            request.getHttpVersion(),
                            HttpMethod.PUT,
                            request.getPath(),
                            request.getHeaders(),
                            new Buffer(JSON.writeValueAsBytes(then))));
        } catch (JsonProcessingException unreadable) {
            return refused(unreadable);
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    /** RFC 7396. */
    private static JsonNode merged(@Nullable JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
        patch.properties()
                .forEach(
                        field -> {
                            if (field.getValue().isNull()) {
                                result.remove(field.getKey());
                            } else {
                                result.set(
                                        field.getKey(),
                                        merged(result.get(field.getKey()), field.getValue()));
                            }
                        });
        return result;
    }

    private static MockResponse refused(Exception because) {
        var status =
                new StatusBuilder()
                        .withStatus("Failure")
                        .withReason("Invalid")
                        .withCode(UNPROCESSABLE)
                        .withMessage(because.getMessage())
                        .build();
        return new MockResponse()
                .setResponseCode(UNPROCESSABLE)
                .setBody(Serialization.asJson(status));
    }

    private static CustomResourceDefinitionContext kind(
            String group, String version, String kind, String plural, boolean status) {
        return new CustomResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withScope("Namespaced")
                .withStatusSubresource(status)
                .build();
    }
}
