package dev.serinus.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Istio;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/** What is said to be written is what is written then. */
class PreviewTest {

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @AfterEach
    void close() {
        cluster.close();
    }

    private Preview.Found preview(boolean underWay) {
        var canary =
                cluster.canaries().get(PretendCluster.NAMESPACE, "podinfo").orElseThrow().latest();
        return Preview.of(cluster.client(), canary, Installation.named("lab"), underWay);
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
    }

    /** What is the same whoever writes it, and when. */
    private static JsonNode lasting(@Nullable JsonNode object) {
        ObjectNode tree = Objects.requireNonNull(object).deepCopy();
        tree.remove(List.of("status", "revision"));
        tree.withObjectProperty("metadata")
                .remove(List.of("uid", "resourceVersion", "generation", "creationTimestamp"));
        tree.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .remove("serinus.dev/step");
        try {
            return new ObjectMapper()
                    .readTree(
                            tree.toString()
                                    .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                                    // The step, beside what a copy says of its content.
                                    .replaceAll("(\"[0-9a-f]{64}) [0-9.]+\"", "$1\""));
        } catch (JsonProcessingException never) {
            throw new IllegalStateException(never);
        }
    }

    private static List<Ref> refs(Preview.Found found) {
        return found.written().stream().map(Preview.Written::ref).toList();
    }

    @Test
    void whatItSaysIsWrittenThenAndAfterwardsItSaysNothing() {
        // When
        var found = preview(false);
        // Then
        assertThat(cluster.writes()).isZero();
        assertThat(found.stopped()).isFalse();
        assertThat(found.notes())
                .containsExactly(
                        "podinfo-primary.test is made first; what follows is written when its pods"
                                + " serve");
        assertThat(refs(found))
                .contains(
                        cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"),
                        cluster.ref(Kind.SERVICE, "podinfo"),
                        cluster.ref(Kind.SERVICE, "podinfo-canary"),
                        cluster.ref(Istio.VIRTUAL_SERVICE, "podinfo"),
                        cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        // When
        takenOver();
        // Then
        for (var written : found.written()) {
            var there = Objects.requireNonNull(cluster.objects().find(written.ref()));
            assertThat(lasting(written.after()))
                    .as("%s", written.ref())
                    .isEqualTo(lasting(there.json()));
        }
        assertThat(preview(false).written()).isEmpty();
    }

    @Test
    void ofAReleaseThatIsUnderWayNothingIsTakenBack() {
        takenOver();
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);

        assertThat(preview(true).written()).isEmpty();
        assertThat(preview(false).written()).as("the route tells it as well").isEmpty();
    }

    @Test
    void whatSomebodyChangedIsWrittenAgain() {
        takenOver();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> it.spec().putObject("selector").put("app", "podinfo"));

        assertThat(refs(preview(false))).containsExactly(cluster.ref(Kind.SERVICE, "podinfo"));
    }

    @Test
    void whatStandsInTheWayIsSaid() {
        takenOver();
        cluster.serve("podinfo-primary", 0);

        var found = preview(false);

        assertThat(found.stopped()).isTrue();
        assertThat(found.notes())
                .containsExactly("podinfo-primary.test not ready: no replicas are available yet");
        assertThat(found.written()).isEmpty();
    }
}
