package dev.serinus.conformance.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Library;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

class ComparisonTest {

    private static final Declarations NOTHING = Declarations.of("");
    private static final Library LIBRARY = Library.here();

    static List<String> names() {
        return LIBRARY.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRecordingAgreesWithItself(String name) {
        Recording recording = LIBRARY.recording(name);

        var comparison = Comparison.of(recording, Recording.of(recording.tree()), NOTHING);

        assertThat(comparison.complaints()).isEmpty();
        assertThat(comparison.summary()).isEqualTo("ok");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRecordingWithoutItsTargetDiffers(String name) {
        Recording recording = LIBRARY.recording(name);
        List<JsonNode> timeline =
                recording.timeline().stream()
                        .filter(
                                entry ->
                                        !entry.path("object")
                                                .asText()
                                                .equals("deployments/podinfo"))
                        .toList();
        if (timeline.size() == recording.timeline().size()) {
            return; // its target is another workload
        }

        var comparison = Comparison.of(recording, with(recording, timeline), NOTHING);

        assertThat(comparison.unexpected().keySet()).containsExactly(Facet.WORKLOADS);
        assertThat(comparison.complaints())
                .singleElement()
                .asString()
                .startsWith("workloads/deployments/podinfo: only expected ");
    }

    /** Lines that are for scenarios nobody has recorded yet, too. */
    @Test
    void whatIsMeantWhereverItOccursIsOneTextAndHidesNoOther() {
        for (String name :
                List.of("alert-slack", "metric-prometheus-tls-skipped", "machine-hook-all")) {
            var lines = Declarations.of(LIBRARY.declared()).of(LIBRARY.recording(name));

            assertThat(
                            List.of(
                                    "events[3][1]: \"Halt podinfo.x advancement external check load"
                                            + " failed POST http://SINK/x giving up\" != \"Halt\"",
                                    "hooks[4]/body/metadata/eventMessage: \"Halt podinfo.x"
                                            + " advancement pre-rollout check a failed POST"
                                            + " http://SINK/x\" != \"Halt\"",
                                    "events[1][1]: \"Error checking metric providers: a\" !="
                                            + " \"Error checking metric providers: a; b\"",
                                    "queries[4]: " + called("Failed") + " != " + called("Failed"),
                                    "queries: 3 != 4 entries, next " + called("Progressing"),
                                    "objects/Succeeded/services/podinfo/metadata/labels"
                                            + "/app.kubernetes.io/managed-by: only actual"
                                            + " \"flagger\"",
                                    "routes/virtualservices/podinfo[0]/labels: only actual"
                                            + " {\"app.kubernetes.io/managed-by\": \"flagger\"}"))
                    .as(name)
                    .allMatch(text -> lines.stream().anyMatch(line -> line.covers(text)));
            assertThat(
                            List.of(
                                    "events[3][0]: \"Normal\" != \"Warning\"",
                                    "events[3][1]: \"Halt podinfo.x advancement success rate 90.00%"
                                            + " < 99%\" != \"Advance podinfo.x canary weight 20\"",
                                    "events: 9 != 8 entries, next [\"Normal\", \"Copying\"]",
                                    "hooks[4]/body/phase: \"Progressing\" != \"Succeeded\"",
                                    "hooks[4]/body/phase: \"Progressing\" != \"Failed\"",
                                    "events[1][1]: \"Error checking metric providers: a\" !="
                                            + " \"Error checking metric providers: b\"",
                                    "queries[4]: " + called("Failed") + " != " + called("Nonsense"),
                                    "queries[4]: "
                                            + called("Failed")
                                            + " != "
                                            + called("Succeeded"),
                                    "queries[4]: " + ALERT + " != " + ALERT,
                                    "queries[4]: " + ALERT + " != " + called("Failed"),
                                    "queries: 18 != 4 entries, next " + called("Failed"),
                                    "objects/x/services/podinfo/metadata/labels: only expected"
                                            + " {\"a\": \"b\"}",
                                    "objects/x/services/podinfo/metadata/labels: only actual"
                                            + " {\"junk\": \"x\"}",
                                    "objects/x/deployments/podinfo/metadata/labels"
                                            + "/app.kubernetes.io/managed-by: only actual"
                                            + " \"flagger\"",
                                    "objects/x/services/podinfo/metadata/ownerReferences: only"
                                            + " expected [{\"kind\": \"Canary\"}]",
                                    "hooks[4]/post: \"/gate\" != \"/feed\"",
                                    "status/canaries/podinfo[6][1]: 40 != 20",
                                    "status/canaries/podinfo: 8 != 7 entries, next"))
                    .as(name)
                    .noneMatch(text -> lines.stream().anyMatch(line -> line.covers(text)));
        }
    }

    /** An alert to Slack, as it is told of two that differ. */
    private static final String ALERT =
            "\"{\\\"body\\\": \\\"{\\\\\\\"channel\\\\\\\":\\\\\\\"general\\\\\\\","
                    + "\\\\\\\"icon_emoji\\\\\\\":\\\\\\\":rocket:";

    /** A hook's call in this phase, as it is told of two that differ. */
    private static String called(String phase) {
        return "\"{\\\"body\\\": \\\"{\\\\\\\"name\\\\\\\":\\\\\\\"podinfo\\\\\\\","
                + "\\\\\\\"namespace\\\\\\\":\\\\\\\"x\\\\\\\","
                + "\\\\\\\"phase\\\\\\\":\\\\\\\"%s\\\\\\\"".formatted(phase);
    }

    /** Where a gate before the promotion is closed, and in no other run of such a name. */
    @Test
    void onlyAGateChangesTheWayToAPromotion() {
        List<String> ways =
                List.of(
                        "status/canaries/podinfo[7][0]: \"WaitingPromotion\" != \"Promoting\"",
                        "status/canaries/podinfo[6][3]: 1 != 2",
                        "events[6][1]: \"Advance podinfo.x canary iteration 2/2\" !="
                                + " \"Confirm-promotion check approve passed\"");
        var gate =
                Declarations.of(LIBRARY.declared())
                        .of(LIBRARY.recording("machine-gate-promotion-ab"));
        assertThat(ways).allMatch(text -> gate.stream().anyMatch(line -> line.covers(text)));
        assertThat(
                        List.of(
                                "status/canaries/podinfo[9][0]: \"Succeeded\" != \"Failed\"",
                                "status/canaries/podinfo[6][1]: 40 != 99",
                                "events: 11 != 0 entries, next [\"Normal\", \"New revision"
                                        + " detected!\"]"))
                .noneMatch(text -> gate.stream().anyMatch(line -> line.covers(text)));
        var other =
                Declarations.of(LIBRARY.declared())
                        .of(LIBRARY.recording("machine-stepweight-promotion"));
        assertThat(ways).noneMatch(text -> other.stream().anyMatch(line -> line.covers(text)));
    }

    @Test
    void eachFacetSeesItsOwn() {
        expect(
                at("canaries/podinfo", 20, is -> is.put("failedChecks", 7)),
                "status/canaries/podinfo[4][2]: 0 != 7");
        expect(
                at("virtualservices/podinfo", 1, is -> weight(is).put("weight", 81)),
                "routes/virtualservices/podinfo[1]/spec/http[0]/route[0]/weight: 80 != 81");
        expect(
                at("deployments/podinfo", 3, is -> is.put("replicas", 5)),
                "workloads/deployments/podinfo[3]/replicas: 2 != 5");
        expect(
                event("Starting canary analysis for podinfo.machine-linear", "Starting"),
                "events[2][1]: \"Starting canary analysis for podinfo.machine-linear\" !="
                        + " \"Starting\"");
        expect(
                event(
                        "Starting canary analysis for podinfo.machine-linear",
                        "all the metrics providers are available!"),
                "events[2][1]: \"Starting canary analysis for podinfo.machine-linear\" != \"Advance"
                        + " podinfo.machine-linear canary weight 20\"",
                "events[3][1]: \"Advance podinfo.machine-linear canary weight 20\" != \"Advance"
                        + " podinfo.machine-linear canary weight 40\"",
                "events[4][1]: \"Advance podinfo.machine-linear canary weight 40\" != \"Advance"
                        + " podinfo.machine-linear canary weight 60\"",
                "events[5][1]: \"Advance podinfo.machine-linear canary weight 60\" != \"Copying"
                    + " podinfo.machine-linear template spec to podinfo-primary.machine-linear\"",
                "events[6][1]: \"Copying podinfo.machine-linear template spec to"
                        + " podinfo-primary.machine-linear\" != \"Routing all traffic to primary\"",
                "events[7][1]: \"Routing all traffic to primary\" != \"Promotion completed! Scaling"
                        + " down podinfo.machine-linear\"",
                "events: 9 != 8 entries, next [\"Normal\", \"Promotion completed! Scaling down"
                        + " podinfo.machine-linear\"]");
        expect(
                tree -> ((ObjectNode) tree.at("/http/3")).put("answer", 500),
                "hooks[0]/answer: 200 != 500");
        expect(
                tree ->
                        ((ObjectNode)
                                        tree.at(
                                                "/snapshots/1/objects/services~1podinfo/spec/selector"))
                                .put("app", "x"),
                "objects/Succeeded/services/podinfo/spec/selector/app: \"podinfo-primary\" !="
                        + " \"x\"");
        expect(
                tree ->
                        ((ObjectNode) tree.at("/snapshots/1/objects/canaries~1podinfo/status"))
                                .put("phase", "Promoting"),
                "objects/Succeeded: only expected");
    }

    @Test
    void aDeclaredDifferenceIsNoDifferenceAndOneThatIsNotSoIs() {
        var meant =
                Declarations.of(
                        """
                        | what | why |
                        | `machine-linear` objects/Succeeded/services/podinfo/spec because |
                        | `machine-linear` workloads/deployments/podinfo-primary it is safer |
                        | `machine-other` status something else |
                        | `machine-linear` phases/x no facet |
                        """);
        Recording actual =
                changed(
                        tree ->
                                ((ObjectNode)
                                                tree.at(
                                                        "/snapshots/1/objects/services~1podinfo/spec/selector"))
                                        .put("app", "x"));

        var comparison = Comparison.of(linear(), actual, meant);

        assertThat(comparison.agrees()).isFalse();
        assertThat(comparison.complaints())
                .containsExactly(
                        "workloads/deployments/podinfo-primary: declared, but nothing differs");
        assertThat(comparison.summary())
                .isEqualTo(
                        "DIFFERS objects:0+1 declared declared but not so:"
                                + " [workloads/deployments/podinfo-primary]");
        assertThat(meant.scenarios()).containsExactly("machine-linear", "machine-other");
    }

    @Test
    void aStarStandsForAnyTextWithoutASlash() {
        Consumer<ObjectNode> other =
                tree ->
                        ((ObjectNode)
                                        tree.at(
                                                "/snapshots/1/objects/services~1podinfo/spec/selector"))
                                .put("app", "x");

        assertThat(with("`machine-*` objects/*/services/*/spec/selector because", other).agrees())
                .isTrue();
        assertThat(with("`*` objects/Succ*/services/podinfo/*/selector because", other).agrees())
                .isTrue();
        assertThat(with("`router-*` objects because", other).agrees()).isFalse();
        assertThat(with("`machine-*` objects/*/spec because", other).agrees()).isFalse();
    }

    @Test
    void whatIsDeclaredForSeveralScenariosNeedNotBeSoInEach() {
        assertThat(with("`machine-*` workloads/* because", _ -> {}).agrees()).isTrue();
        assertThat(with("`machine-linear` workloads/* because", _ -> {}).agrees()).isFalse();
    }

    @Test
    void aDeclarationThatIsForNoScenarioIsUnknown() {
        var meant = Declarations.of("`machine-*` status because\n`mesh-*` status because\n");

        assertThat(meant.unknown(LIBRARY.names())).containsExactly("mesh-*");
    }

    private static Comparison with(String declared, Consumer<ObjectNode> change) {
        return Comparison.of(linear(), changed(change), Declarations.of(declared));
    }

    @Test
    void aWholeNumberIsNotTheSameNumberWithAFraction() {
        assertThat(Differences.between(Json.read("{\"a\": 1}"), Json.read("{\"a\": 1.0}"), "x"))
                .containsExactly("x/a: 1 != 1.0");
    }

    private void expect(Consumer<ObjectNode> change, String... complaints) {
        var found = Comparison.of(linear(), changed(change), NOTHING).complaints();
        assertThat(found).hasSameSizeAs(complaints);
        for (int i = 0; i < complaints.length; i++) {
            assertThat(found.get(i)).startsWith(complaints[i]);
        }
    }

    /** Changes what the nth or the first matching entry of an object shows. */
    private static Consumer<ObjectNode> at(String object, int nth, Consumer<ObjectNode> change) {
        return tree -> {
            int seen = 0;
            for (JsonNode entry : tree.path("timeline")) {
                if (entry.path("object").asText().equals(object)) {
                    boolean wanted =
                            object.startsWith("canaries")
                                    ? entry.path("is").path("canaryWeight").asInt() == nth
                                    : seen++ == nth;
                    if (wanted) {
                        change.accept((ObjectNode) entry.path("is"));
                        return;
                    }
                }
            }
            throw new IllegalStateException("no such entry of " + object);
        };
    }

    private static Consumer<ObjectNode> event(String message, String other) {
        return tree -> {
            for (JsonNode entry : tree.path("timeline")) {
                if (entry.path("is").path("message").asText().equals(message)) {
                    ((ObjectNode) entry.path("is")).put("message", other);
                }
            }
        };
    }

    private static ObjectNode weight(ObjectNode is) {
        return (ObjectNode) ((ArrayNode) is.at("/spec/http/0/route")).get(0);
    }

    private static Recording linear() {
        return LIBRARY.recording("machine-linear");
    }

    private static Recording changed(Consumer<ObjectNode> change) {
        ObjectNode tree = linear().tree().deepCopy();
        change.accept(tree);
        return Recording.of(tree);
    }

    private static Recording with(Recording recording, List<JsonNode> timeline) {
        return new Recording(
                recording.scenario(),
                "serinus",
                null,
                timeline,
                recording.http(),
                recording.snapshots(),
                recording.said(),
                Map.of(),
                0);
    }
}
