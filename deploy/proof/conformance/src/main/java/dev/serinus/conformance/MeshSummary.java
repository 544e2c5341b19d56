package dev.serinus.conformance;

import dev.serinus.conformance.Main.Outcome;
import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What came of the scenarios of each mesh, as a table for a document. */
final class MeshSummary {

    private static final SinkAddress NOWHERE =
            new SinkAddress("http://127.0.0.1:1", "https://127.0.0.1:1");

    private MeshSummary() {}

    static String of(Library library, List<Outcome> outcomes) {
        Map<Mesh, List<Outcome>> byMesh = new LinkedHashMap<>();
        Meshes.all().forEach(mesh -> byMesh.put(mesh, List.of()));
        byMesh.putAll(
                outcomes.stream()
                        .collect(
                                Collectors.groupingBy(
                                        it -> mesh(library.scenario(it.name(), NOWHERE)))));
        return Stream.concat(
                        Stream.of(
                                "| mesh | scenarios | as recorded | but for declared places |"
                                        + " differ | API requests for each of Flagger's |",
                                "|---|---|---|---|---|---|"),
                        byMesh.entrySet().stream()
                                .filter(it -> !it.getValue().isEmpty())
                                .map(it -> row(it.getKey(), it.getValue())))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String row(Mesh mesh, List<Outcome> outcomes) {
        long differ = outcomes.stream().filter(it -> !it.comparison().agrees()).count();
        var declared =
                outcomes.stream()
                        .filter(it -> it.comparison().agrees())
                        .filter(it -> !it.comparison().used().isEmpty())
                        .toList();
        int places = declared.stream().mapToInt(it -> it.comparison().used().size()).sum();
        int ours = outcomes.stream().mapToInt(it -> it.recording().requestCount()).sum();
        int theirs = outcomes.stream().mapToInt(Outcome::flaggersRequests).sum();
        return "| %s | %d | %d | %s | %d | %.2f |"
                .formatted(
                        mesh.title(),
                        outcomes.size(),
                        outcomes.size() - declared.size() - differ,
                        declared.isEmpty() ? "0" : "%d (%d)".formatted(declared.size(), places),
                        differ,
                        ours / (double) Math.max(1, theirs));
    }

    /** That of its first Canary; a Canary may come in a step. */
    static Mesh mesh(Scenario scenario) {
        return Stream.of(
                        scenario.base().stream(),
                        Stream.of(scenario.objects()),
                        scenario.steps().stream().map(step -> step.path("apply").asText()))
                .flatMap(texts -> texts)
                .flatMap(text -> Json.yaml(text).stream())
                .filter(object -> object.path("kind").asText().equals("Canary"))
                .map(object -> object.at("/spec/provider").asText())
                .findFirst()
                .filter(provider -> !provider.isEmpty())
                .map(Meshes::of)
                .orElseGet(() -> Meshes.of(Meshes.DEFAULT));
    }
}
