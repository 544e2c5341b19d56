package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.Main;
import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Watched;
import dev.serinus.conformance.scenario.Flags;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Flagger left when it was killed, at rest and in the middle of a run, is gone on with: no
 * rollout starts and no request moves because of it. And the way back.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class HandoverIT {

    /** Of the one in mid-run; the others have half of it. */
    private static final Duration INTERVAL = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NEW = "6544dc6d99";
    private static final String OLD = "7dbb6b5c5d";
    private static final List<String> ALL = List.of("idle", "failed", "progressing", "waiting");

    private static final Set<String> WRITING = Set.of("create", "update", "patch", "delete");
    private static final Set<String> SERVING =
            Set.of("virtualservices", "destinationrules", "services", "deployments");

    private final Map<String, Map<String, String>> left = new TreeMap<>();
    private TestBed bed;
    private Api api;
    private AuditLog audit;
    private TestEnvironment around;
    private Instant stillAtWork;
    private @Nullable Installed serinus;

    @BeforeAll
    void takeOver(TestBed bed, @TempDir Path directory) throws Exception {
        this.bed = bed;
        api = new Api(bed.admin());
        audit = new AuditLog(bed.controlPlane().auditLog());
        around = new TestEnvironment();
        for (String state : ALL) {
            var interval = state.equals("progressing") ? INTERVAL : INTERVAL.dividedBy(2);
            Inheritance.read(api, state, around.address(), interval).load();
        }
        for (String state : ALL) {
            await().atMost(PATIENCE).until(() -> isReady(state, "podinfo-primary"));
            await().atMost(PATIENCE).until(() -> isReady(state, "podinfo"));
        }
        ALL.forEach(state -> left.put(state, serving(state)));
        stillAtWork = Inheritance.touch(api, "failed");
        serinus =
                Installed.start(
                        bed.client(User.SERINUS),
                        null,
                        new Flags(Map.of(), Map.of()),
                        around.address(),
                        Duration.ofSeconds(1),
                        directory.resolve("serinus"));
    }

    @AfterAll
    void end() {
        if (serinus != null) {
            serinus.close();
        }
        around.close();
    }

    @Test
    @Order(1)
    void goesOnFromTheWeightThatFlaggerReached() {
        // When
        await().atMost(PATIENCE)
                .until(() -> status("progressing").path("canaryWeight").asInt() == 60);
        // Then
        assertThat(changed("progressing")).containsExactly("progressing/virtualservices/podinfo");
        await().atMost(PATIENCE).until(() -> phase("progressing").equals("Succeeded"));
        assertThat(image("progressing", "podinfo-primary")).isEqualTo("podinfo:2");
        assertThat(hashes("progressing")).containsExactly(NEW, NEW);
    }

    @Test
    @Order(2)
    void restsWhereFlaggerRestedAndReleasesTheNextImage() {
        // Given
        staysUntouched("idle");
        assertThat(phase("idle")).isEqualTo("Succeeded");
        assertThat(hashes("idle")).containsExactly(NEW, NEW);
        // When
        image("idle", "podinfo", "podinfo:3");
        // Then
        await().atMost(PATIENCE).until(() -> phase("idle").equals("Progressing"));
        await().atMost(PATIENCE).until(() -> phase("idle").equals("Succeeded"));
        assertThat(image("idle", "podinfo-primary")).isEqualTo("podinfo:3");
        assertThat(hashes("idle")).doesNotContain(NEW, OLD);
    }

    @Test
    @Order(3)
    void restsAfterAFailureAndReleasesTheNextImage() {
        // Given
        staysUntouched("failed");
        assertThat(phase("failed")).isEqualTo("Failed");
        assertThat(hashes("failed")).containsExactly(NEW, OLD);
        // When
        image("failed", "podinfo", "podinfo:3");
        // Then
        await().atMost(PATIENCE).until(() -> phase("failed").equals("Succeeded"));
        assertThat(image("failed", "podinfo-primary")).isEqualTo("podinfo:3");
    }

    @Test
    @Order(4)
    void keepsOffUntilFlaggerHasWrittenNothingForTwoIntervals() {
        // Given
        await().atMost(PATIENCE).until(() -> !writesToTheCanary("failed").isEmpty());
        // Then
        assertThat(writesToTheCanary("failed").getFirst())
                .isGreaterThanOrEqualTo((double) stillAtWork.plus(INTERVAL).getEpochSecond());
    }

    /** When Serinus wrote to it, but for its status, in seconds. */
    private List<Double> writesToTheCanary(String state) {
        return audit.in("handover-" + state).stream()
                .filter(asked -> asked.user().equals(User.SERINUS.username()))
                .filter(asked -> WRITING.contains(asked.verb()))
                .filter(asked -> asked.resource().equals("canaries"))
                .map(AuditLog.Asked::at)
                .toList();
    }

    @Test
    @Order(5)
    void waitsAtTheClosedGateAndPromotesWhenItOpens() {
        // Given
        staysUntouched("waiting");
        assertThat(phase("waiting")).isEqualTo("WaitingPromotion");
        assertThat(weights("waiting")).containsExactly(40, 60);
        // When
        around.openTheGate();
        // Then
        await().atMost(PATIENCE).until(() -> phase("waiting").equals("Succeeded"));
        assertThat(image("waiting", "podinfo-primary")).isEqualTo("podinfo:2");
        assertThat(weights("waiting")).containsExactly(100, 0);
        assertThat(hashes("waiting")).containsExactly(NEW, NEW);
    }

    @Test
    @Order(6)
    void handsBackWhatFlaggerAcceptsAndSaysWhatItWouldRollOutAgain() {
        // Given
        Objects.requireNonNull(serinus).close();
        serinus = null;
        var before = versions();
        // When
        int checked = command("handback", "--check", "--namespace", "handover-idle");
        int unmoved = command("handback", "--check", "--namespace", "handover-waiting");
        // Then
        assertThat(checked).as("Serinus has promoted what Flagger never saw").isEqualTo(1);
        assertThat(unmoved).as("Flagger knows this target").isZero();
        assertThat(versions()).as("a check writes nothing").isEqualTo(before);
        // When
        var spec = contents();
        for (String state : ALL) {
            int _ = command("handback", "--namespace", "handover-" + state);
        }
        // Then
        assertThat(contents())
                .as("only metadata, and what Serinus alone says, is touched")
                .isEqualTo(spec);
        for (String state : ALL) {
            assertThat(status(state).path("conditions")).as(state).allMatch(it -> isPromoted(it));
            assertThat(status(state).has("observedGeneration")).as(state).isFalse();
            assertThat(status(state).path("serinus").fieldNames())
                    .toIterable()
                    .as("numbers that a later Serinus is to use once, of " + state)
                    .isSubsetOf("run", "step", "sequence");
            assertThat(canary(state).at("/metadata/finalizers")).as(state).isEmpty();
            assertThat(all(state).toString()).as(state).doesNotContain("serinus.dev/");
            assertThat(get(state, "/api/v1", "services/podinfo").at("/metadata/annotations"))
                    .as("Flagger's own annotations of " + state)
                    .hasSize(2);
        }
    }

    private int command(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--kubeconfig";
        all[words.length + 1] = bed.kubeconfig(User.ADMIN).toString();
        return Main.execute(new Main(), all);
    }

    /** For two intervals after it was met, nothing changes of what serves its users. */
    private void staysUntouched(String state) {
        await().atMost(PATIENCE).until(() -> !canary(state).at("/metadata/finalizers").isEmpty());
        await().during(INTERVAL)
                .atMost(INTERVAL.multipliedBy(2))
                .untilAsserted(() -> assertThat(changed(state)).isEmpty());
    }

    /** What serves and is not as Flagger left it, but for notes and owners. */
    private List<String> changed(String state) {
        var before = Objects.requireNonNull(left.get(state));
        var now = serving(state);
        assertThat(now.keySet()).isEqualTo(before.keySet());
        return now.entrySet().stream()
                .filter(it -> !it.getValue().equals(before.get(it.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Where traffic goes, how many pods run and what runs in them. */
    private Map<String, String> serving(String state) {
        Map<String, String> specs = new TreeMap<>();
        all(state)
                .forEach(
                        (key, object) -> {
                            if (SERVING.contains(key.split("/")[1])) {
                                specs.put(key, Json.sorted(object.path("spec")));
                            }
                        });
        return specs;
    }

    private JsonNode get(String state, String version, String object) {
        return api.get("%s/namespaces/handover-%s/%s".formatted(version, state, object));
    }

    private JsonNode canary(String state) {
        return get(state, "/apis/flagger.app/v1beta1", "canaries/podinfo");
    }

    private JsonNode status(String state) {
        return canary(state).path("status");
    }

    private String phase(String state) {
        return status(state).path("phase").asText();
    }

    private List<String> hashes(String state) {
        JsonNode status = status(state);
        return List.of(
                status.path("lastAppliedSpec").asText(), status.path("lastPromotedSpec").asText());
    }

    private JsonNode deployment(String state, String name) {
        return get(state, "/apis/apps/v1", "deployments/" + name);
    }

    private boolean isReady(String state, String name) {
        JsonNode deployment = deployment(state, name);
        return deployment.at("/status/observedGeneration").asLong()
                        == deployment.at("/metadata/generation").asLong()
                && deployment.at("/status/availableReplicas").asInt()
                        == deployment.at("/spec/replicas").asInt();
    }

    private String image(String state, String name) {
        return deployment(state, name).at("/spec/template/spec/containers/0/image").asText();
    }

    private void image(String state, String name, String image) {
        new Kubectl(api, "handover-" + state).setImage("deployment/" + name, "podinfod", image);
    }

    private List<Integer> weights(String state) {
        return get(state, "/apis/networking.istio.io/v1beta1", "virtualservices/podinfo")
                .at("/spec/http/0/route")
                .valueStream()
                .map(route -> route.path("weight").asInt())
                .toList();
    }

    private Map<String, JsonNode> all(String state) {
        Map<String, JsonNode> all = new TreeMap<>();
        for (Watched watched : Watched.ALL) {
            JsonNode list =
                    watched.kind().equals("events")
                            ? null
                            : api.find(
                                    "%s/namespaces/handover-%s/%s"
                                            .formatted(watched.path(), state, watched.plural()));
            if (list != null) {
                list.path("items")
                        .forEach(
                                item ->
                                        all.put(
                                                state
                                                        + "/"
                                                        + watched.kind()
                                                        + "/"
                                                        + item.at("/metadata/name").asText(),
                                                item));
            }
        }
        return all;
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (String state : ALL) {
            all(state)
                    .forEach(
                            (key, object) ->
                                    versions.put(
                                            key, object.at("/metadata/resourceVersion").asText()));
        }
        return versions;
    }

    /** All but metadata, and of a Canary's status what Flagger says as well. */
    private Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        for (String state : ALL) {
            all(state)
                    .forEach(
                            (key, object) -> {
                                var copy = (ObjectNode) object.deepCopy();
                                copy.remove("metadata");
                                if (key.contains("/canaries/")) {
                                    flaggersOnly((ObjectNode) copy.path("status"));
                                } else {
                                    copy.remove("status");
                                }
                                contents.put(key, Json.sorted(copy));
                            });
        }
        return contents;
    }

    private static void flaggersOnly(ObjectNode status) {
        status.remove(List.of("serinus", "observedGeneration"));
        status.withArray("conditions").removeIf(it -> !isPromoted(it));
    }

    private static boolean isPromoted(JsonNode condition) {
        return condition.path("type").asText().equals("Promoted");
    }
}
