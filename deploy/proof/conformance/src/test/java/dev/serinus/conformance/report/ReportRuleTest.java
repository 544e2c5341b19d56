package dev.serinus.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.SinkAddress;
import dev.serinus.conformance.scenario.Step;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class ReportRuleTest {

    private static final Library LIBRARY = Library.here();
    private static final SinkAddress SINK = new SinkAddress("http://sink", "https://sink");

    static List<String> reports() {
        return LIBRARY.reports();
    }

    @ParameterizedTest
    @MethodSource("reports")
    void everyReportIsUnderstoodAndSaysWhatIsRight(String name) {
        var scenario = LIBRARY.scenario(name, SINK);

        assertThat(scenario.about()).isNotEmpty();
        assertThat(scenario.steps())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(Step.of(step)).isNotNull());
        assertThat(scenario.right())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(ReportRule.of(rule)).isNotNull());
        for (JsonNode rule : scenario.right()) {
            labels(rule)
                    .forEach(
                            label ->
                                    assertThat(
                                                    scenario.steps().stream()
                                                            .map(it -> it.path("label").asText()))
                                            .contains(label));
        }
    }

    private static List<String> labels(JsonNode rule) {
        JsonNode one = rule.at("/said/label");
        return one.isTextual()
                ? List.of(one.asText())
                : rule.at("/differ/in").valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void aMistakeInARuleIsToldByItsName() {
        assertThatThrownBy(() -> rule("serve: {}")).hasMessage("no such rule: serve");
        assertThatThrownBy(() -> rule("serves: {gracious: 3}"))
                .hasMessage("serves has no gracious");
        assertThatThrownBy(() -> rule("share: {at-most: 3}")).hasMessage("share needs of");
        assertThatThrownBy(() -> Script.wrong("ends: {status: {}, since: x}", played()))
                .hasMessage("ends has no since");
        assertThatThrownBy(() -> Script.wrong("serves: {since: noon}", played()))
                .hasMessage("'noon' is no time: step N, phase NAME or hook PATH CODE");
    }

    private static ReportRule rule(String yaml) {
        return ReportRule.of(Json.yaml(yaml).getFirst());
    }

    private static PlayedReport played() {
        return Script.atRest().until(9);
    }

    @Test
    void aStatusComesInTimeOrIsMissed() {
        var played = Script.atRest().step(5).canary(12, "Failed", 0).until(20);

        assertThat(
                        Script.wrong(
                                "reaches: {status: {phase: Failed}, since: step 2, within: 10}",
                                played))
                .isEmpty();
        assertThat(
                        Script.wrong(
                                "reaches: {status: {phase: Failed}, since: step 2, within: 5}",
                                played))
                .containsExactly("from 5.0 to 10.0 s no status has {\"phase\":\"Failed\"}");
        assertThat(Script.wrong("never: {status: {phase: Failed}}", played))
                .containsExactly("at 12.0 s it has {\"phase\":\"Failed\"}");
        assertThat(Script.wrong("ends: {status: {phase: Failed, canaryWeight: 0}}", played))
                .isEmpty();
        assertThat(Script.wrong("ends: {status: {phase: Succeeded}}", played)).hasSize(1);
    }

    @Test
    void aRuleThatNeverBeginsIsNotKept() {
        assertThat(
                        Script.wrong(
                                "share: {of: web-canary, at-most: 0, since: phase Failed}",
                                played()))
                .containsExactly("never came: phase Failed");
    }

    @Test
    void whatIsSaidIsReadBothWays() {
        var played =
                Script.atRest()
                        .said("first", "id=7 all is well")
                        .said("second", "id=7 not found")
                        .event(3, "dapr writes too")
                        .event(4, "dapr writes too")
                        .until(9);

        assertThat(Script.wrong("said: {label: first, matches: well, not: found}", played))
                .isEmpty();
        assertThat(Script.wrong("said: {label: second, matches: [id, well], not: found}", played))
                .containsExactly("'second' does not say well", "'second' says found");
        assertThat(Script.wrong("said: {label: third, not: x}", played))
                .containsExactly("'third' said nothing");
        assertThat(Script.wrong("differ: {matches: 'id=(\\d)', in: [first, second]}", played))
                .containsExactly("'second' says 7 again");
        assertThat(Script.wrong("told: {matches: dapr}", played)).isEmpty();
        assertThat(Script.wrong("told: {matches: dapr, at-most: 1}", played)).hasSize(1);
        assertThat(Script.wrong("told: {matches: helm}", played)).hasSize(1);
    }

    @Test
    void aHookIsCalledOftenEnough() {
        var played = Script.atRest().called(2, "/rb", 403).called(4, "/rb", 403).until(9);

        assertThat(Script.wrong("hook: {path: /rb, at-least: 2}", played)).isEmpty();
        assertThat(Script.wrong("hook: {path: /rb, at-least: 3}", played))
                .containsExactly("/rb is called 2 times, not 3");
    }
}
