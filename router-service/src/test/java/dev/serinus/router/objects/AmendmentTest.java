package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A workload is written in parts, which hold only on what they were decided on. */
class AmendmentTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Ref REF = Kind.DEPLOYMENT.named("shop", "checkout");

    private final ClusterObject live =
            read(
                    """
                    {"apiVersion": "apps/v1", "kind": "Deployment",
                     "metadata": {"name": "checkout", "namespace": "shop", "uid": "u1", "generation": 7,
                       "resourceVersion": "41", "annotations": {"serinus.dev/step": "s3", "team/a~b": "x"}},
                     "spec": {"replicas": 0, "template": {"spec": {"containers": [{"image": "a:1"}]}}},
                     "status": {"observedGeneration": 7}}
                    """);

    private static ClusterObject read(String json) {
        try {
            return new ClusterObject(REF, JSON.readValue(json, ObjectNode.class));
        } catch (IOException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private List<String> operations(ClusterObject desired) throws IOException {
        List<String> said = new ArrayList<>();
        for (var each : JSON.readTree(Amendment.of(live, desired).orElseThrow())) {
            said.add(
                    "%s %s %s"
                            .formatted(
                                    each.path("op").asText(),
                                    each.path("path").asText(),
                                    each.path("value"))
                            .strip());
        }
        return said;
    }

    @Test
    void namesWhatChangesAndWhatItRestsOnAndNeitherVersionNorStatus() throws IOException {
        var desired =
                live.edited(
                        it -> {
                            it.spec().put("replicas", 2);
                            it.annotate(Mark.ANNOTATION, "s4");
                        });
        assertThat(Mark.ANNOTATION).isEqualTo("serinus.dev/step");
        assertThat(operations(desired))
                .containsExactly(
                        "test /metadata/uid \"u1\"",
                        "test /metadata/generation 7",
                        "test /metadata/annotations/serinus.dev~1step \"s3\"",
                        "add /metadata/annotations/serinus.dev~1step \"s4\"",
                        "add /spec/replicas 2");
    }

    /** Of a DaemonSet the generation stays when a later step writes nothing but its mark. */
    @Test
    void holdsOnlyWhileNoLaterStepHasMarkedItAlsoWhereTheMarkStays() throws IOException {
        var repaired = live.edited(it -> it.spec().put("replicas", 2));

        assertThat(operations(repaired))
                .contains("test /metadata/annotations/serinus.dev~1step \"s3\"");
    }

    @Test
    void holdsOnlyForTheSameOwners() throws IOException {
        var owned =
                live.edited(
                        it ->
                                it.metadata()
                                        .putArray("ownerReferences")
                                        .addObject()
                                        .put("uid", "c1"));
        var desired = owned.edited(it -> it.spec().put("replicas", 2));

        assertThat(Amendment.of(owned, desired).orElseThrow())
                .contains("\"/metadata/ownerReferences\",\"value\":[{\"uid\":\"c1\"}]");
    }

    @Test
    void takesAwayOnlyWhatIsStillAsItWasFound() throws IOException {
        var desired = live.edited(it -> it.withoutAnnotations("team/a~b"::equals));

        assertThat(operations(desired))
                .endsWith(
                        "test /metadata/annotations/team~1a~0b \"x\"",
                        "remove /metadata/annotations/team~1a~0b");
    }

    @Test
    void aListIsWrittenWhole() throws IOException {
        var desired =
                live.edited(
                        it ->
                                ((ObjectNode) it.spec().at("/template/spec/containers/0"))
                                        .put("image", "a:2"));

        assertThat(operations(desired))
                .endsWith("add /spec/template/spec/containers [{\"image\":\"a:2\"}]");
    }

    @Test
    void whatCannotBeHeldToWhatWasSeenIsWrittenWholeAtItsVersion() {
        var unmarked = live.edited(it -> it.withoutAnnotations(Mark.ANNOTATION::equals));
        assertThat(Amendment.of(unmarked, live)).as("a mark that is not there yet").isEmpty();

        var labelled = live.edited(it -> it.metadata().putObject("labels").put("a", "b"));
        assertThat(Amendment.of(live, labelled)).as("a map that is not there yet").isEmpty();

        var otherwise = live.edited(it -> it.put("kind", TextNode.valueOf("DaemonSet")));
        assertThat(Amendment.of(live, otherwise)).as("neither spec nor metadata").isEmpty();

        var young = live.edited(it -> it.metadata().remove("generation"));
        assertThat(Amendment.of(young, live)).as("without a generation").isEmpty();
    }
}
