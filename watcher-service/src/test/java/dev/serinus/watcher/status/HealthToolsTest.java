package dev.serinus.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.StatusUpdate;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What kubectl, Flux and Argo CD make of a Canary by the files in deploy/gitops, over statuses as
 * they are written here, as Flagger writes them, and before anybody wrote one.
 */
class HealthToolsTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Path FILES = Path.of("../deploy/gitops");

    private static final ArgoHealth ARGO =
            new ArgoHealth(
                    one("argo-cd-health.yaml", "ConfigMap")
                            .path("data")
                            .path("resource.customizations.health.flagger.app_Canary")
                            .asText());
    private static final FluxHealth FLUX =
            new FluxHealth(
                    one("flux-application.yaml", "Kustomization").at("/spec/healthCheckExprs/0"));

    private static StatusUpdate.Builder update(String phase, String promoted) {
        return StatusUpdate.newBuilder()
                .setPhase(phase)
                .setCanaryWeight(30)
                .setFailedChecks(0)
                .setIterations(0)
                .setPromoted(promoted)
                .setMessage("what Flagger says")
                .setProblems(List.of())
                .setRun(1)
                .setStep(2)
                .setRevision("b")
                .setWaitingFor("")
                .setObservedGeneration(3);
    }

    /** A Canary of generation 3 with this status. */
    private static ObjectNode canary(JsonNode status) {
        var canary = JsonNodeFactory.instance.objectNode();
        canary.putObject("metadata").put("generation", 3);
        canary.putObject("spec");
        canary.set("status", status);
        return canary;
    }

    /** What the API server keeps of a patch: nulls take away. */
    private static JsonNode written(StatusUpdate update) {
        var status =
                StatusPatch.of(
                        JsonNodeFactory.instance.objectNode(),
                        !update.getDryRun(), // what is only tried nobody claims
                        update,
                        1,
                        NOW);
        return withoutNulls(status);
    }

    private static JsonNode withoutNulls(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            object.properties().removeIf(each -> each.getValue().isNull());
            object.forEach(HealthToolsTest::withoutNulls);
        }
        return tree;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Initializing     | Unknown | ''         | ''  | ''  | InProgress | Progressing | InProgress
                    Initialized      | True    | ''         | ''  | ''  | Current    | Healthy     | Current
                    Waiting          | Unknown | ''         | ''  | ''  | InProgress | Suspended   | Current
                    Progressing      | Unknown | ''         | ''  | ''  | InProgress | Progressing | InProgress
                    Progressing      | Unknown | ''         | ''  | ada | InProgress | Suspended   | Current
                    WaitingPromotion | Unknown | ''         | ''  | ''  | InProgress | Suspended   | Current
                    Promoting        | Unknown | ''         | ''  | ''  | InProgress | Progressing | InProgress
                    Finalising       | Unknown | ''         | ''  | ''  | InProgress | Progressing | InProgress
                    Succeeded        | True    | ''         | ''  | ''  | Current    | Healthy     | Current
                    Failed           | False   | ''         | ''  | ''  | Failed     | Degraded    | Failed
                    Terminating      | Unknown | ''         | ''  | ''  | InProgress | Progressing | InProgress
                    Progressing      | Unknown | no gateway | ''  | ''  | Failed     | Degraded    | Failed
                    Waiting          | Unknown | no answer  | ''  | ''  | Failed     | Degraded    | Failed
                    Succeeded        | True    | ''         | bad | ''  | Failed     | Degraded    | Failed
                    ''               | ''      | ''         | bad | ''  | Failed     | Degraded    | Failed
                    """)
    void eachToolKnowsHowItIs(
            String phase,
            String promoted,
            String stalled,
            String problem,
            String paused,
            String kstatus,
            String argo,
            String flux) {
        var update = update(phase, promoted).setStalled(stalled);
        if (!problem.isEmpty()) {
            update.setProblems(List.of(new Problem("spec.analysis", problem)));
        }
        if (!paused.isEmpty()) {
            update.setPaused(new PausedBy(paused, "")).setWaitingFor("resume");
        }

        var canary = canary(written(update.build()));

        assertThat(Kstatus.of(canary)).isEqualTo(kstatus);
        assertThat(ARGO.of(canary)).isEqualTo(argo);
        assertThat(FLUX.of(canary)).isEqualTo(flux);
    }

    /** Flagger's own status, and one of a release before this one, have no such conditions. */
    @ParameterizedTest
    @CsvSource({
        "Succeeded, True, Healthy, Current",
        "Progressing, Unknown, Progressing, InProgress",
        "Failed, False, Degraded, Failed"
    })
    void aStatusWithoutTheseConditionsIsKnownByItsPhase(
            String phase, String promoted, String argo, String flux) {
        var status = JsonNodeFactory.instance.objectNode().put("phase", phase);
        status.putArray("conditions").addObject().put("type", "Promoted").put("status", promoted);

        assertThat(ARGO.of(canary(status))).isEqualTo(argo);
        assertThat(FLUX.of(canary(status))).isEqualTo(flux);
    }

    @Test
    void whatNobodyLookedAtIsOnItsWay() {
        var edited = canary(written(update("Succeeded", "True").build()));
        ((ObjectNode) edited.path("metadata")).put("generation", 4);
        var fresh = canary(JsonNodeFactory.instance.nullNode());
        fresh.remove("status");

        for (JsonNode canary : List.of(edited, fresh)) {
            assertThat(ARGO.of(canary)).isEqualTo("Progressing");
            assertThat(FLUX.of(canary)).isEqualTo("InProgress");
        }
        assertThat(Kstatus.of(edited)).isEqualTo("InProgress");
    }

    @Test
    void aNewCanaryThatIsOnlyTriedHoldsNothingUp() {
        var canary = canary(written(update("Progressing", "Unknown").setDryRun(true).build()));

        assertThat(Kstatus.of(canary)).isEqualTo("Current");
        assertThat(ARGO.of(canary)).isEqualTo("Healthy");
        assertThat(FLUX.of(canary)).isEqualTo("Current");
    }

    @ParameterizedTest
    @CsvSource({"argo-cd-application.yaml", "flux-application.yaml"})
    void whatIsWrittenInTheApplicationsObjectsIsNoDrift(String file) throws IOException {
        // Given: as they are in Git, and what the router makes of them
        var git =
                objects(
                        "kind: Deployment\n"
                            + "spec: {replicas: 3, template: {spec: {nodeSelector: {arch: arm64,"
                            + " node-type: on-demand}}}}",
                        "kind: Service\nspec: {selector: {app: checkout}, ports: [{port: 80}],"
                                + " type: ClusterIP}",
                        "kind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: p, weight: 100},"
                                + " {name: c, weight: 0}]}]}",
                        "kind: ScaledObject\nmetadata: {annotations: {x: '1'}}");
        var live =
                objects(
                        "kind: Deployment\n"
                            + "spec: {replicas: 2, template: {spec: {nodeSelector: {arch: arm64,"
                            + " node-type: spot}, tolerations: [{operator: Exists}]}}}",
                        "kind: Service\nspec: {selector: {app: checkout-primary}, ports: [{port:"
                                + " 80, targetPort: http}], type: ClusterIP}",
                        "kind: HTTPRoute\nspec: {rules: [{backendRefs: [{name: p, weight: 60},"
                                + " {name: c, weight: 40}]}]}",
                        "kind: ScaledObject\nmetadata: {annotations: {x: '1',"
                                + " autoscaling.keda.sh/paused-replicas: '0'}}");
        // When, then
        for (int i = 0; i < git.size(); i++) {
            assertThat(live.get(i)).isNotEqualTo(git.get(i));
            forget(file, git.get(i));
            forget(file, live.get(i));
            assertThat(live.get(i)).isEqualTo(git.get(i));
        }
    }

    private static List<ObjectNode> objects(String... yaml) {
        return Stream.of(yaml)
                .map(each -> (ObjectNode) YAML.unmarshal(each, JsonNode.class))
                .toList();
    }

    /** Takes away what the file says is not to be compared. */
    private static void forget(String file, ObjectNode object) {
        String kind = object.path("kind").asText();
        if (file.startsWith("argo")) {
            for (JsonNode rule : one(file, "Application").at("/spec/ignoreDifferences")) {
                if (rule.path("kind").asText().equals(kind)) {
                    rule.path("jsonPointers").forEach(path -> remove(object, path.asText()));
                    rule.path("jqPathExpressions")
                            .forEach(path -> removeAll(object, path.asText()));
                }
            }
        } else {
            for (JsonNode rule : one(file, "HelmRelease").at("/spec/driftDetection/ignore")) {
                if (rule.at("/target/kind").asText().equals(kind)) {
                    rule.path("paths").forEach(path -> remove(object, path.asText()));
                }
            }
        }
    }

    private static void remove(JsonNode object, String pointer) {
        var path = JsonPointer.compile(pointer);
        if (object.at(path.head()) instanceof ObjectNode parent) {
            parent.remove(path.last().getMatchingProperty());
        }
    }

    /** Of jq's paths those of fields, and of all elements of a list. */
    private static void removeAll(JsonNode object, String path) {
        List<JsonNode> parents = List.of(object);
        var names = List.of(path.substring(1).split("\\."));
        for (String name : names.subList(0, names.size() - 1)) {
            String field = name.replace("[]", "");
            parents =
                    parents.stream()
                            .map(each -> each.path(field))
                            .flatMap(
                                    each ->
                                            name.endsWith("[]")
                                                    ? each.valueStream()
                                                    : Stream.of(each))
                            .toList();
        }
        parents.forEach(each -> ((ObjectNode) each).remove(names.getLast()));
    }

    private static JsonNode one(String file, String kind) {
        try {
            return Stream.of(Files.readString(FILES.resolve(file)).split("(?m)^---$"))
                    .map(document -> YAML.unmarshal(document, JsonNode.class))
                    .filter(object -> object.path("kind").asText().equals(kind))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException missing) {
            throw new IllegalStateException(file + " is to be read", missing);
        }
    }
}
