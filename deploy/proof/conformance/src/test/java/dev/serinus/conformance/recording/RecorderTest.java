package dev.serinus.conformance.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class RecorderTest {

    private final Recorder recorder = new Recorder();

    @Test
    void ofAWorkloadSizeAndImagesAreNoted() {
        saw(
                "deployments",
                """
                {"metadata": {"name": "a", "resourceVersion": "7"}, "spec": {"replicas": 2, "paused": true,
                 "template": {"spec": {"containers": [{"image": "x:1"}, {"image": "y:2"}]}}}}
                """);

        assertThat(timeline())
                .containsExactly(
                        "{\"object\": \"deployments/a\", \"is\": {\"replicas\": 2, \"images\":"
                                + " [\"x:1\", \"y:2\"], \"nodeSelector\": null}, \"t\": 0.0}");
    }

    @Test
    void ofACanaryTheStatusIsNotedAndOnlyWhenItChanges() {
        String status =
                "{\"phase\": \"Initialized\", \"lastAppliedSpec\": \"x\", \"trackedConfigs\": {}}";
        saw("canaries", canary(1, status, "{}"));
        saw("canaries", canary(2, status, "{\"suspend\": true}"));

        assertThat(timeline())
                .containsExactly(
                        "{\"object\": \"canaries/podinfo\", \"is\": {\"phase\": \"Initialized\"},"
                                + " \"t\": 0.0}");
        assertThat(recorder.phase()).isEqualTo("Initialized");
        assertThat(recorder.statuses(0)).hasSize(2);
    }

    @Test
    void ofAPodOnlyWhoMadeItWhomItServesAndWhetherItDoesIsKept() {
        String pod =
                """
                {"metadata": {"name": "web-1", "resourceVersion": "%d", "labels": {"app": "web"},
                  %s "ownerReferences": [{"name": "web-5d"}]},
                 "status": {"phase": "Running", "podIP": "10.0.0.%d",
                  "conditions": [{"type": "Ready", "status": "%s"}]}}
                """;
        recorder.saw(Watched.PODS, Json.read(pod.formatted(1, "", 1, "True")), false, 0);
        recorder.saw(Watched.PODS, Json.read(pod.formatted(2, "", 2, "True")), false, 0);
        String leaving = "\"deletionTimestamp\": \"2026-01-01T00:00:00Z\",";
        recorder.saw(Watched.PODS, Json.read(pod.formatted(3, leaving, 2, "True")), false, 0);

        assertThat(timeline())
                .containsExactly(
                        "{\"object\": \"pods/web-1\", \"is\": {\"owner\": \"web-5d\", \"labels\":"
                                + " {\"app\": \"web\"}, \"ready\": true}, \"t\": 0.0}",
                        "{\"object\": \"pods/web-1\", \"is\": {\"owner\": \"web-5d\", \"labels\":"
                                + " {\"app\": \"web\"}, \"ready\": false}, \"t\": 0.0}");
    }

    @Test
    void eventsCountEachTimeAndOnlyThoseAboutCanaries() {
        String event =
                """
                {"metadata": {"name": "e", "resourceVersion": "5"}, "involvedObject": {"kind": "%s"},
                 "type": "Normal", "reason": "Synced", "message": "hello %s", "count": 1}
                """;
        saw("events", event.formatted("Canary", "world"));
        saw("events", event.formatted("Canary", "world"));
        saw("events", event.formatted("Pod", "pod"));

        assertThat(timeline()).hasSize(2);
        assertThat(recorder.told("lo wor")).isTrue();
        assertThat(recorder.told("pod")).isFalse();
    }

    @Test
    void changesStandInTheApiServersOrderAndStepsInTheirTime() {
        String map =
                "{\"metadata\": {\"name\": \"%s\", \"resourceVersion\": \"%d\"}, \"data\": {}}";
        saw("configmaps", map.formatted("late", 9), 2.04);
        saw("configmaps", map.formatted("early", 8), 2.1);
        recorder.step(Json.read("{\"sleep\": 1}"), 3);
        saw("configmaps", map.formatted("last", 10), 3.5);
        saw("configmaps", map.formatted("after the end", 11), 5);
        saw("configmaps", map.formatted("kube-root-ca.crt", 12), 3.5);

        assertThat(recorder.recording("x", "y", null, 4).timeline())
                .extracting(
                        entry ->
                                entry.path("object").asText(entry.path("step").toString())
                                        + " "
                                        + entry.path("t"))
                .containsExactly(
                        "configmaps/early 0.1",
                        "configmaps/late 0.0",
                        "{\"sleep\":1} 1.0",
                        "configmaps/last 1.5");
    }

    @Test
    void snapshotsHoldAllButWhatTheServerAdds() {
        recorder.snapshot(
                "here",
                Map.of(
                        "services/a",
                        Json.read(
                                "{\"metadata\": {\"name\": \"a\", \"uid\": \"u\"}, \"spec\":"
                                        + " {\"clusterIP\": \"1\", \"type\": \"ClusterIP\"},"
                                        + " \"status\": {}}")));

        assertThat(recorder.recording("x", "y", null, 4).snapshots())
                .extracting(Json::text)
                .containsExactly(
                        "{\"after\": \"here\", \"objects\": {\"services/a\": {\"metadata\":"
                                + " {\"name\": \"a\"}, \"spec\": {\"type\": \"ClusterIP\"}}}}");
    }

    private static String canary(int version, String status, String spec) {
        return "{\"metadata\": {\"name\": \"podinfo\", \"resourceVersion\": \"%d\"}, \"spec\": %s, \"status\": %s}"
                .formatted(version, spec, status);
    }

    private void saw(String plural, String object) {
        saw(plural, object, 0);
    }

    private void saw(String plural, String object, double at) {
        JsonNode tree = Json.read(object);
        Watched.ALL.stream()
                .filter(watched -> watched.kind().equals(plural))
                .limit(1)
                .forEach(watched -> recorder.saw(watched, tree, false, at));
    }

    private List<String> timeline() {
        return recorder.recording("x", "y", null, 10).timeline().stream().map(Json::text).toList();
    }
}
