package dev.serinus.conformance.report;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recording;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A report as it was played, in the terms in which its rules speak of it. Times are seconds. */
record PlayedReport(Recording recording, List<TrafficAt> moments) {

    private static final String CANARIES = "canaries/";

    /** A time and what happened then. */
    record Timed(double at, JsonNode what) {}

    PlayedReport {
        moments = List.copyOf(moments);
    }

    static PlayedReport of(Recording recording) {
        return new PlayedReport(recording, Traffic.of(recording));
    }

    double end() {
        return recording.seconds();
    }

    /** All statuses of this Canary, or of any. */
    List<Timed> statuses(Optional<String> canary) {
        return recording.timeline().stream()
                .filter(entry -> entry.has("is"))
                .filter(
                        entry -> {
                            String object = entry.path("object").asText();
                            return canary.map(name -> object.equals(CANARIES + name))
                                    .orElse(object.startsWith(CANARIES));
                        })
                .map(entry -> new Timed(time(entry), entry.path("is")))
                .toList();
    }

    /** The names of all Canaries there were. */
    List<String> canaries() {
        return recording.timeline().stream()
                .map(entry -> entry.path("object").asText())
                .filter(object -> object.startsWith(CANARIES))
                .map(object -> object.substring(CANARIES.length()))
                .distinct()
                .toList();
    }

    /** The text of every event about a Canary. */
    List<Timed> events() {
        return recording.timeline().stream()
                .filter(entry -> entry.path("object").asText().equals("event"))
                .map(entry -> new Timed(time(entry), entry.at("/is/message")))
                .toList();
    }

    /** Every call of this path of the fake server. */
    List<Timed> calls(String path) {
        return recording.http().stream()
                .filter(entry -> entry.path("post").asText().equals(path))
                .map(entry -> new Timed(time(entry), entry))
                .toList();
    }

    /** What the script with this label said. */
    Optional<String> said(String label) {
        return recording.said().stream()
                .filter(entry -> entry.path("label").asText().equals(label))
                .map(entry -> entry.path("out").asText())
                .findFirst();
    }

    /**
     * When this was first so: {@code step 3} began, a Canary was in {@code phase Failed}, the hook
     * was answered ({@code hook /approve 200}). Empty when it never was.
     */
    Optional<Double> when(String anchor) {
        String[] words = anchor.split(" ");
        return switch (words[0]) {
            case "step" -> step(Integer.parseInt(words[1]));
            case "phase" ->
                    statuses(Optional.empty()).stream()
                            .filter(it -> it.what().path("phase").asText().equals(words[1]))
                            .map(Timed::at)
                            .findFirst();
            case "hook" ->
                    calls(words[1]).stream()
                            .filter(it -> it.what().path("answer").asText().equals(words[2]))
                            .map(Timed::at)
                            .findFirst();
            default ->
                    throw new IllegalArgumentException(
                            "'%s' is no time: step N, phase NAME or hook PATH CODE"
                                    .formatted(anchor));
        };
    }

    private Optional<Double> step(int number) {
        return recording.timeline().stream()
                .filter(entry -> entry.has("step"))
                .skip(number - 1L)
                .map(PlayedReport::time)
                .findFirst();
    }

    /** The moments of a span, the first one cut to its beginning; each lasts until the next. */
    List<TrafficAt> during(double since, double until) {
        return IntStream.range(0, moments.size())
                .filter(i -> moments.get(i).at() < until)
                .filter(i -> i + 1 == moments.size() || moments.get(i + 1).at() > since)
                .mapToObj(
                        i ->
                                new TrafficAt(
                                        Math.max(since, moments.get(i).at()),
                                        moments.get(i).backends()))
                .toList();
    }

    static String text(JsonNode tree) {
        return tree.isTextual() ? tree.asText() : Json.text(tree);
    }

    private static double time(JsonNode entry) {
        return entry.path("t").asDouble();
    }
}
