package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Ref;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** A route of which no controller has said anything, where it does of others. */
class SilenceTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** One of the routes of a mesh, with this status. */
    private static ClusterObject object(Router router, String kind, String name, String status) {
        var found =
                router.mesh().writes().stream()
                        .filter(it -> it.name().equals(kind))
                        .findFirst()
                        .orElseThrow();
        return ClusterObject.blank(found.named("test", name))
                .edited(it -> it.put("status", read(status)));
    }

    private static JsonNode read(String status) {
        try {
            return YAML.readTree(status);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Acceptance accepted(Router router, String kind, ClusterObject... others) {
        Map<Ref, ClusterObject> objects = new HashMap<>();
        for (ClusterObject other : others) {
            objects.put(other.ref(), other);
        }
        return router.accepted(object(router, kind, "podinfo", "{}"), new KnownObjects(objects));
    }

    private static Router router(String provider) {
        return Routers.ALL.stream()
                .filter(it -> it.mesh().provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gloo            | RouteTable    | Gloo     | {statuses: {gloo-system: {state: Accepted}}}
                    apisix          | ApisixRoute   | APISIX   | {conditions: [{type: ResourcesAvailable, status: 'True'}]}
                    appmesh:v1beta2 | VirtualRouter | App Mesh | {observedGeneration: 1}
                    knative         | Service       | Knative  | {observedGeneration: 1}
                    """)
    void isNotSeenYetWhereOthersHaveAStatusAndServedWhereNoneHas(
            String provider, String kind, String controller, String status) {
        var router = router(provider);
        assertThat(accepted(router, kind)).isEqualTo(Acceptance.TAKEN);
        assertThat(accepted(router, kind, object(router, kind, "other", "{}")))
                .isEqualTo(Acceptance.TAKEN);

        var silent = accepted(router, kind, object(router, kind, "other", status));

        assertThat(silent.state()).isEqualTo(Acceptance.State.UNSEEN);
        assertThat(silent.because())
                .startsWith(
                        "%s has written no status on %s podinfo.test, as it has on other.test"
                                .formatted(controller, kind));
    }

    /** Whose the others are decides: a controller that is not asked for says nothing of ours. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    apisix          | ApisixRoute   | {ingressClassName: ours}  | {ingressClassName: theirs}  | {conditions: [{type: ResourcesAvailable, status: 'True'}]}
                    appmesh:v1beta2 | VirtualRouter | {meshRef: {name: global}} | {meshRef: {name: other}}    | {observedGeneration: 1}
                    """)
    void whatAnotherControllerWroteIsNoWordAboutOurs(
            String provider, String kind, String ours, String theirs, String status) {
        var router = router(provider);
        var route = object(router, kind, "podinfo", "{}").edited(it -> it.put("spec", read(ours)));
        var other = object(router, kind, "other", status);

        var theirsIsStated = new HashMap<Ref, ClusterObject>();
        theirsIsStated.put(other.ref(), other.edited(it -> it.put("spec", read(theirs))));
        assertThat(router.accepted(route, new KnownObjects(theirsIsStated)))
                .isEqualTo(Acceptance.TAKEN);

        theirsIsStated.put(other.ref(), other.edited(it -> it.put("spec", read(ours))));
        var silent = router.accepted(route, new KnownObjects(theirsIsStated));
        assertThat(silent.state()).isEqualTo(Acceptance.State.UNSEEN);
        assertThat(silent.because())
                .endsWith(
                        "If the status of %s other.test was left by one that runs no more, take it off there (kubectl edit --subresource=status) and nobody waits for it"
                                .formatted(kind));
    }
}
