package dev.serinus.router.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Apisix;
import dev.serinus.schemas.mesh.Emissary;
import dev.serinus.schemas.mesh.Ingresses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Canaries and objects of their users, for tests of routers that copy these. */
public final class Copies {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final List<Kind> KINDS =
            List.of(Ingresses.INGRESS, Apisix.ROUTE, Emissary.MAPPING);

    private Copies() {}

    /**
     * The Canary podinfo of the namespace test.
     *
     * @param reference what is copied, as a line of its spec
     * @param service its spec.service
     * @param analysis of its spec.analysis, what makes the plan
     */
    public static Canary canary(String reference, String service, String analysis) {
        var manifest =
                read(
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: Canary
                        metadata: {name: podinfo, namespace: test, uid: uid-of-podinfo}
                        spec:
                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                          %s
                          service: %s
                          analysis: {interval: 1m, threshold: 1, %s}
                        """
                                .formatted(reference, service, analysis));
        return switch (CanaryReader.read(manifest)) {
            case Reading.Whole<Canary>(var whole) -> whole;
            case Reading.Malformed<Canary>(_, var problems) ->
                    throw new IllegalArgumentException(problems.toString());
        };
    }

    /** An object of one of the kinds that are copied. */
    public static ClusterObject object(String yaml) {
        var json = read(yaml);
        var kind =
                KINDS.stream()
                        .filter(it -> it.name().equals(json.path("kind").asText()))
                        .findFirst()
                        .orElseThrow();
        return new ClusterObject(
                kind.named(
                        json.at("/metadata/namespace").asText(),
                        json.at("/metadata/name").asText()),
                json);
    }

    private static ObjectNode read(String yaml) {
        try {
            return YAML.readValue(yaml, ObjectNode.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
