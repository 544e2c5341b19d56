package dev.serinus.analysis.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class AssetsTest {

    private static final Pattern IMPORT =
            Pattern.compile(
                    "(?:^|[;}])\\s*(?:import|export)\\b[^\"'();=]*[\"']([^\"']+)[\"']",
                    Pattern.MULTILINE);
    private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\":\"(/[^\"]+)\"");
    private static final Pattern LINKED = Pattern.compile("(?:href|src)=\"(/dashboard/[^\"]+)\"");

    private final Assets assets = new Assets();

    @Test
    void allThatThePageLoadsIsServed() {
        Map<String, String> modules =
                MAPPED.matcher(assets.page().text())
                        .results()
                        .collect(Collectors.toMap(it -> it.group(1), it -> it.group(2)));
        var open =
                new ArrayDeque<>(
                        LINKED.matcher(assets.page().text())
                                .results()
                                .map(it -> it.group(1))
                                .toList());
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String path = open.pop();
            if (!seen.add(path)) {
                continue;
            }
            Optional<Asset> found = assets.find(path.substring(Assets.PATH.length()));
            assertThat(found).as(path).isPresent();
            if (path.endsWith(".js")) {
                IMPORT.matcher(found.orElseThrow().text())
                        .results()
                        .map(it -> resolve(path, it.group(1), modules))
                        .forEach(open::add);
            }
        }
        assertThat(seen).hasSizeGreaterThan(15);
    }

    private static String resolve(String from, String name, Map<String, String> modules) {
        if (name.startsWith(".")) {
            return URI.create(from).resolve(name).getPath();
        }
        return Stream.of(name)
                .flatMap(
                        it ->
                                modules.containsKey(it)
                                        ? Stream.of(modules.get(it))
                                        : modules.entrySet().stream()
                                                .filter(
                                                        each ->
                                                                each.getKey().endsWith("/")
                                                                        && it.startsWith(
                                                                                each.getKey()))
                                                .map(
                                                        each ->
                                                                each.getValue()
                                                                        + it.substring(
                                                                                each.getKey()
                                                                                        .length())))
                .findFirst()
                .orElse("/dashboard/" + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "index.html",
                "../application.yml",
                "lib/lit@3.3.2/../../../../../../application.js",
                "lib/lit@0.0.1/index.js",
                "lib/lit@3.3.2/package.json",
                "lib/other@1.0/index.js",
                "nothing.js"
            })
    void nothingElseOfTheClassPathIsServed(String path) {
        assertThat(assets.find(path)).isEmpty();
    }

    /** Nothing does that a paused release would be taken back for. */
    @Test
    void whoPausesIsToldThatMetricsAreNotChecked() {
        assertThat(assets.find("words.js").orElseThrow().text())
                .contains("metrics are not checked")
                .doesNotContain("a failure still takes it back");
    }

    @Test
    void noFileNamesAnotherHost() {
        assertThat(assets.page().text()).doesNotContain("http:", "https:");
    }
}
