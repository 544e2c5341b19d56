package dev.serinus.conformance.report;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recording;

import java.util.ArrayList;
import java.util.List;

/** Writes a recording by hand, each entry with its time in seconds. */
final class Script {

    private final List<String> timeline = new ArrayList<>();
    private final List<String> http = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private double seconds;

    private Script at(double seconds, String entry) {
        this.seconds = Math.max(this.seconds, seconds);
        timeline.add("{\"t\": %s, %s}".formatted(seconds, entry));
        return this;
    }

    Script step(double at) {
        return at(at, "\"step\": {\"sleep\": 1}");
    }

    Script canary(double at, String phase, int weight) {
        return at(
                at,
                "\"object\": \"canaries/web\", \"is\": {\"phase\": \"%s\", \"canaryWeight\": %d}"
                        .formatted(phase, weight));
    }

    Script service(double at, String name, String app) {
        return at(
                at,
                "\"object\": \"services/%s\", \"is\": {\"spec\": {\"selector\": {\"app\": \"%s\"}}}"
                        .formatted(name, app));
    }

    Script gone(double at, String object) {
        return at(at, "\"object\": \"%s\", \"deleted\": true".formatted(object));
    }

    /** A pod of the Deployment of this name. */
    Script pod(double at, String app, int number, boolean ready) {
        return at(
                at,
                """
                "object": "pods/%1$s-%2$d", "is": {"owner": "%1$s-5d", "ready": %3$s,
                 "labels": {"app": "%1$s", "pod-template-hash": "5d"}}
                """
                        .formatted(app, number, ready));
    }

    /** A VirtualService that sends this share to web-canary. */
    Script route(double at, int canary) {
        return at(
                at,
                """
                "object": "virtualservices/web", "is": {"spec": {"http": [{"route": [
                 {"destination": {"host": "web-primary"}, "weight": %d},
                 {"destination": {"host": "web-canary"}, "weight": %d}]}]}}
                """
                        .formatted(100 - canary, canary));
    }

    /** An HTTPRoute that sends this share to web-canary. */
    Script httpRoute(double at, int canary) {
        return at(
                at,
                """
                "object": "httproutes/web", "is": {"spec": {"rules": [{"backendRefs": [
                 {"name": "web-primary", "weight": %d}, {"name": "web-canary", "weight": %d}]}]}}
                """
                        .formatted(100 - canary, canary));
    }

    Script event(double at, String message) {
        return at(at, "\"object\": \"event\", \"is\": {\"message\": \"%s\"}".formatted(message));
    }

    Script called(double at, String path, int answer) {
        http.add("{\"t\": %s, \"post\": \"%s\", \"answer\": %d}".formatted(at, path, answer));
        return this;
    }

    Script said(String label, String out) {
        said.add("{\"label\": \"%s\", \"out\": \"%s\"}".formatted(label, out));
        return this;
    }

    /** Until this time. */
    PlayedReport until(double end) {
        return PlayedReport.of(
                Recording.of(
                        Json.read(
                                """
                                {"scenario": "x", "timeline": [%s], "http": [%s], "said": [%s],
                                 "snapshots": [], "requests": {}, "seconds": %s}
                                """
                                        .formatted(
                                                String.join(", ", timeline),
                                                String.join(", ", http),
                                                String.join(", ", said),
                                                Math.max(seconds, end)))));
    }

    /** Web at rest: its Services, two ready pods of its primary, none of its own. */
    static Script atRest() {
        return new Script()
                .step(0)
                .canary(0, "Initialized", 0)
                .service(0, "web", "web-primary")
                .service(0, "web-primary", "web-primary")
                .service(0, "web-canary", "web")
                .pod(0, "web-primary", 1, true)
                .pod(0, "web-primary", 2, true)
                .route(1, 0);
    }

    /** What a rule finds wrong; the rule is YAML on one line. */
    static List<String> wrong(String rule, PlayedReport played) {
        return ReportRule.of(Json.yaml(rule).getFirst()).wrong(played);
    }
}
