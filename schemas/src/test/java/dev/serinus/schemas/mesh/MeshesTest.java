package dev.serinus.schemas.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.crd.Crds;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is read from the descriptors, or must say the same as they do. */
class MeshesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern SERIES =
            Pattern.compile("(\\w+)\\s*\\{((?:[^{}]|\\{\\{[^{}]*}})*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*[!=]=?~?\\s*\"");
    private static final Set<String> WRITES =
            Set.of("get", "list", "watch", "create", "update", "delete");
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Set<String> CHANGES = Set.of("get", "list", "watch", "update");
    private static final Set<String> LOOKS = Set.of("get");

    @ParameterizedTest
    @CsvSource({
        "istio, istio",
        "gatewayapi:v1, gatewayapi:v1",
        "gatewayapi:v1beta1, gatewayapi:v1beta1",
        "gatewayapi:v1alpha2, gatewayapi:v1",
        "appmesh, appmesh",
        "appmesh:v1beta2, appmesh:v1beta2",
        "appmesh:v1beta2:more, appmesh:v1beta2",
        "appmesh:v1alpha1, istio",
        "appmesh:v1beta1, appmesh",
        "smi:v1alpha1:istio, smi:v1alpha1",
        "smi:linkerd, istio",
        "gloo:anything, gloo",
        "kubernetes, kubernetes",
        "kubernetes:more, istio",
        "gatewayapi, istio",
        "none, istio",
        "house-mesh, istio"
    })
    void aProviderMeansTheMeshThatFlaggerTakes(String provider, String mesh) {
        assertThat(Meshes.of(provider).provider()).isEqualTo(mesh);
    }

    /** Whatever depends on the mesh is asked of its descriptor. */
    @Test
    void nobodyElseReadsTheTextOfAProvider() throws IOException {
        var texts =
                Pattern.compile(
                        Meshes.providers().stream()
                                .map(it -> it.replaceFirst(":.*", ""))
                                .distinct()
                                .collect(Collectors.joining("|", "\"(", ")(:[^\" ]*)?\"")));
        List<String> found = new ArrayList<>();
        for (String module :
                List.of(
                        "schemas",
                        "watcher-service",
                        "analysis-service",
                        "router-service",
                        "webhook-service",
                        "notifier-service",
                        "deploy/cli")) {
            try (var files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                    if (!file.toString().contains("/schemas/mesh/")) {
                        texts.matcher(Files.readString(file))
                                .results()
                                .forEach(it -> found.add(file.getFileName() + " " + it.group()));
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "istio, , istio",
        "kubernetes, istio, kubernetes",
        "gatewayapi:v1, linkerd, linkerd",
        ", linkerd, linkerd",
        ", house-mesh, istio"
    })
    void aCanaryIsMeasuredByTheMeshItsPodsAreIn(
            @Nullable String own, @Nullable String installation, String measuring) {
        assertThat(Meshes.measuring(own, installation == null ? "nginx" : installation).provider())
                .isEqualTo(measuring);
    }

    @Test
    void theResourceDefinitionListsWhatTheDescriptorsServe() throws IOException {
        var provider =
                documents(Crds.yaml())
                        .filter(it -> it.at("/spec/names/kind").asText().equals("Canary"))
                        .findFirst()
                        .orElseThrow()
                        .at(
                                "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/provider/enum");

        assertThat(provider.valueStream().map(JsonNode::asText).sorted().toList())
                .isEqualTo(Meshes.providers());
    }

    @Test
    void theRightsCoverWhatServedMeshesReadAndWrite() throws IOException {
        var rules = rules("router");

        for (Mesh mesh : Meshes.served()) {
            boolean ofTarget = mesh.needs(Requirement.TARGET);
            for (Kind kind : mesh.writes()) {
                assertThat(rules.getOrDefault(resource(kind), Set.of()))
                        .as(resource(kind))
                        .containsAll(ofTarget ? CHANGES : WRITES);
            }
            for (Kind kind : mesh.reads()) {
                assertThat(rules.getOrDefault(resource(kind), Set.of()))
                        .as(resource(kind))
                        .containsAll(ofTarget ? LOOKS : READS);
            }
            for (Kind kind : mesh.looksAt()) {
                assertThat(rules.getOrDefault(resource(kind), Set.of()))
                        .as(resource(kind))
                        .isNotEmpty()
                        .isSubsetOf("get", "list");
            }
            for (Kind kind : mesh.steers()) {
                assertThat(rules.getOrDefault(resource(kind), Set.of()))
                        .as(resource(kind))
                        .containsAll(READS)
                        .contains("update");
            }
        }
    }

    /** What a target routes by is its author's. */
    @Test
    void theRouterMayNeitherMakeNorDeleteATarget() throws IOException {
        var rules = rules("router");

        Meshes.served().stream()
                .filter(mesh -> mesh.needs(Requirement.TARGET))
                .flatMap(mesh -> mesh.writes().stream())
                .forEach(
                        kind ->
                                assertThat(rules.get(resource(kind)))
                                        .as(resource(kind))
                                        .isEqualTo(CHANGES));
    }

    @Test
    void theRightsOfTheWatcherCoverWhatCanBeReleased() throws IOException {
        var rules = rules("watcher");

        assertThat(TargetKind.values())
                .allSatisfy(
                        it ->
                                assertThat(rules.get(resource(it.kind())))
                                        .as(resource(it.kind()))
                                        .isEqualTo(READS));
    }

    @Test
    void theRouterHasNoRightsOnMeshesThatAreNotServed() throws IOException {
        var served =
                Meshes.served().stream()
                        .flatMap(
                                mesh ->
                                        Stream.concat(
                                                mesh.reads().stream(), mesh.writes().stream()))
                        .map(MeshesTest::resource)
                        .collect(Collectors.toSet());
        var rules = rules("router");

        assertThat(
                        Meshes.all().stream()
                                .flatMap(
                                        mesh ->
                                                Stream.concat(
                                                        mesh.reads().stream(),
                                                        mesh.writes().stream()))
                                .map(MeshesTest::resource)
                                .filter(it -> !served.contains(it)))
                .allSatisfy(it -> assertThat(rules).doesNotContainKey(it));
    }

    @Test
    void theTableInTheRoutersReadmeSaysWhatTheDescriptorsSay() throws IOException {
        assertThat(Files.readString(ROOT.resolve("router-service/README.md"))).contains(table());
    }

    @Test
    void theTableInTheWatchersReadmeSaysWhatIsAskedFor() throws IOException {
        assertThat(Files.readString(ROOT.resolve("watcher-service/README.md")))
                .contains(
                        Meshes.served().stream()
                                .map(
                                        mesh ->
                                                "| %s | %s | %s |"
                                                        .formatted(
                                                                mesh.title(),
                                                                series(
                                                                        mesh.builtinQueries()
                                                                                .successRate()),
                                                                series(
                                                                        mesh.builtinQueries()
                                                                                .duration())))
                                .collect(Collectors.joining("\n")));
    }

    /** Each series of a query, with the labels by which it is chosen. */
    private static String series(String query) {
        Map<String, Set<String>> labels = new TreeMap<>();
        SERIES.matcher(query)
                .results()
                .forEach(
                        found ->
                                LABEL.matcher(found.group(2))
                                        .results()
                                        .forEach(
                                                label ->
                                                        labels.computeIfAbsent(
                                                                        found.group(1),
                                                                        _ -> new TreeSet<>())
                                                                .add("`" + label.group(1) + "`")));
        return labels.entrySet().stream()
                .map(
                        each ->
                                "`%s` by %s"
                                        .formatted(
                                                each.getKey(), String.join(", ", each.getValue())))
                .collect(Collectors.joining("; "));
    }

    /** A line for each mesh; what README.md must contain. */
    private static String table() {
        return Meshes.all().stream()
                .map(MeshesTest::line)
                .collect(
                        Collectors.joining(
                                "\n",
                                "| mesh or ingress | `spec.provider` | served | weights | A/B by |"
                                    + " mirrors | affinity | baseline | TCP | what was there before"
                                    + " | built-in duration | objects | weights only, on your own |"
                                    + " Flagger 1.44, where it differs |\n"
                                    + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
                                "\n"));
    }

    private static String line(Mesh mesh) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        mesh.title(),
                        mesh.providers().stream()
                                .map(it -> "`" + it.text() + "`")
                                .collect(Collectors.joining(", ")),
                        mesh.isServed() ? "yes" : "not yet",
                        mesh.can(Ability.FINE_WEIGHTS)
                                ? "0.01 %"
                                : mesh.can(Ability.WEIGHTS)
                                        ? "1 %"
                                        : "none: Blue/Green, or [by pods](#shares-by-pods)",
                        conditions(mesh),
                        mirrors(mesh),
                        mesh.can(Ability.PRIMARY_COOKIE)
                                ? "both sides"
                                : mesh.can(Ability.SESSION_AFFINITY) ? "canary" : affinity(mesh),
                        mesh.can(Ability.BASELINE) ? "yes" : "refused",
                        mesh.can(Ability.TCP)
                                ? "yes"
                                : mesh.isFlaggers() ? "as requests" : "refused",
                        before(mesh),
                        mesh.builtinQueries().duration().contains("histogram_quantile")
                                ? "99th percentile"
                                : "mean",
                        names(mesh.writes(), "none"),
                        names(mesh.steers(), "no"),
                        flagger(mesh));
    }

    private static String names(List<Kind> kinds, String none) {
        return kinds.isEmpty()
                ? none
                : kinds.stream().map(Kind::name).collect(Collectors.joining(", "));
    }

    /** Where there are no routes it is passed over, and told. */
    private static String affinity(Mesh mesh) {
        return mesh.hasRoutes() ? "refused" : "no";
    }

    private static String conditions(Mesh mesh) {
        if (!mesh.hasRoutes()) {
            return "no: Blue/Green";
        }
        return mesh.conditions().isEmpty()
                ? "refused"
                : mesh.conditions().stream()
                        .map(it -> it.field() + (it.hasLimits() ? " (" + it.words() + ")" : ""))
                        .collect(Collectors.joining(", "));
    }

    private static String mirrors(Mesh mesh) {
        if (!mesh.can(Ability.MIRROR)) {
            return mesh.hasRoutes() ? "refused with weights" : "no";
        }
        String share = mesh.can(Ability.MIRROR_SHARE) ? ", by percent" : "";
        return (mesh.can(Ability.MIRROR_BEFORE_WEIGHTS) ? "always" : "Blue/Green") + share;
    }

    private static String before(Mesh mesh) {
        if (mesh.writes().isEmpty()) {
            return "untouched";
        }
        if (mesh.reads().containsAll(mesh.writes())) {
            return "read and copied";
        }
        return mesh.writes().stream().anyMatch(mesh.reads()::contains)
                ? "taken over, given back; what is named is copied"
                : "taken over, given back";
    }

    /** By what Flagger's routers ignore: pkg/router, and its strategies in pkg/controller. */
    private static String flagger(Mesh mesh) {
        if (!mesh.isFlaggers()) {
            return "does not serve it";
        }
        List<String> differs = new ArrayList<>();
        if (mesh.can(Ability.WEIGHTS) && mesh.conditions().isEmpty()) {
            differs.add("A/B sends everybody to the canary");
        }
        if (mesh.can(Ability.WEIGHTS) && !mesh.equals(Istio.MESH)) {
            differs.add("`mirror` with weights never leaves 0");
        }
        if (!mesh.can(Ability.SESSION_AFFINITY)) {
            differs.add("affinity is ignored");
        }
        return String.join("; ", differs);
    }

    private static Map<String, Set<String>> rules(String account) throws IOException {
        var manifest = Files.readString(ROOT.resolve("deploy/manifests/rbac/" + account + ".yaml"));
        Map<String, Set<String>> verbs = new HashMap<>();
        documents(manifest)
                .filter(it -> it.path("kind").asText().equals("ClusterRole"))
                .flatMap(it -> it.path("rules").valueStream())
                .forEach(
                        rule -> {
                            for (var group : rule.path("apiGroups")) {
                                for (var resource : rule.path("resources")) {
                                    var may =
                                            verbs.computeIfAbsent(
                                                    resource.asText() + "." + group.asText(),
                                                    _ -> new HashSet<>());
                                    rule.path("verbs").forEach(verb -> may.add(verb.asText()));
                                }
                            }
                        });
        return verbs;
    }

    private static Stream<JsonNode> documents(String yaml) throws IOException {
        var mapper = new YAMLMapper();
        List<JsonNode> documents = new ArrayList<>();
        try (var parser = mapper.getFactory().createParser(yaml)) {
            mapper.readValues(parser, JsonNode.class).forEachRemaining(documents::add);
        }
        return documents.stream();
    }

    private static String resource(Kind kind) {
        return kind.plural() + "." + kind.group();
    }
}
