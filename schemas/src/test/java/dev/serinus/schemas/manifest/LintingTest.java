package dev.serinus.schemas.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.manifest.Finding.Level;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is said of manifests that somebody sends: of whatever length, it is said within bounds. */
class LintingTest {

    private static final int MOST = 1_000;
    private static final String CANARY = "apiVersion: flagger.app/v1beta1\nkind: Canary\n";
    private static final String NAMED = CANARY + "metadata: {name: a, namespace: b}\n";
    private static final String SPEC =
            """
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
            """;

    static Stream<String> texts() {
        return Stream.of(
                // A long name beside many findings.
                "{\"apiVersion\":\"flagger.app/v1beta1\",\"kind\":\"Canary\",\"metadata\":{\"name\":\""
                        + "x".repeat(500_000)
                        + "\"},\"spec\":{"
                        + many(9_000, i -> "\"a" + i + "\":1")
                        + "}}",
                // One long text at many places.
                "x: &a \""
                        + "x".repeat(600_000)
                        + "\"\n"
                        + NAMED
                        + "spec:\n  analysis:\n    metrics: ["
                        + many(6_000, _ -> "{onNoData: *a}")
                        + "]\n",
                // The same, as long as may be.
                "x: &a \""
                        + "x".repeat(2_000)
                        + "\"\n"
                        + NAMED
                        + "spec:\n  analysis:\n    metrics: ["
                        + many(50, _ -> "{onNoData: *a}")
                        + "]\n",
                // A Secret of many keys, which many hooks name.
                NAMED
                        + "spec:\n"
                        + SPEC
                        + "  analysis:\n    webhooks: ["
                        + many(1_100, _ -> "{name: a, url: \"http://a\", secretRef: {name: s}}")
                        + "]\n"
                        + "---\n"
                        + "apiVersion: v1\n"
                        + "kind: Secret\n"
                        + "metadata: {name: s, namespace: b}\n"
                        + "stringData: {"
                        + many(5_000, i -> "\"a b%d\": x".formatted(i))
                        + "}\n",
                // Many facts that are none, beside a long key.
                NAMED
                        + "spec:\n"
                        + SPEC
                        + "  analysis:\n    webhooks: [{name: a, url: \"http://a\", headers: {? "
                        + "k".repeat(60_000)
                        + " : \""
                        + "{{a}}".repeat(12_000)
                        + "\"}}]\n",
                // A metric's group is none of many.
                NAMED
                        + "spec:\n"
                        + SPEC
                        + "  analysis:\n    score:\n      groups: {"
                        + many(5_000, i -> "group%d: 1".formatted(i))
                        + "}\n    metrics: ["
                        + many(1_000, i -> "{name: a%d, compare: {against: primary}}".formatted(i))
                        + "]\n");
    }

    private static String many(int times, IntFunction<String> each) {
        return IntStream.range(0, times).mapToObj(each).collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whatIsSaidIsBounded(String text) {
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        lint(NAMED);
        var manifests = Manifests.read("text", text, ManifestBounds.REQUEST);
        long before = thread.getCurrentThreadAllocatedBytes();

        var found = lint(manifests);
        long taken = thread.getCurrentThreadAllocatedBytes() - before;

        assertThat(found.told()).hasSizeBetween(1, MOST);
        assertThat(found.told()).allMatch(each -> each.text().length() < 4_000);
        assertThat(taken).isLessThan(128L << 20);
    }

    @Test
    void thoseBeyondTheMostAreCounted() {
        String text = NAMED + "spec: {" + many(1_200, i -> "a%d: 1".formatted(i)) + "}\n";

        var found = lint(text);

        assertThat(found.told()).hasSize(MOST);
        assertThat(found.count(Level.WARNING)).isEqualTo(1_200);
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.inf", ".nan", "1e999"})
    void whatIsNoNumberIsNone(String number) {
        String text =
                NAMED
                        + "spec:\n"
                        + SPEC
                        + "  autoscalerRef: {apiVersion: autoscaling/v2, kind:"
                        + " HorizontalPodAutoscaler, name: cart, primaryScalerReplicas:"
                        + " {minReplicas: "
                        + number
                        + "}}\n";

        assertThat(lint(text).told())
                .anyMatch(each -> each.isError() && each.path().endsWith("minReplicas"));
    }

    @Test
    void aLongTextIsNotMatched() {
        String text =
                NAMED + "spec:\n" + SPEC + "  analysis: {delay: \"" + "1s".repeat(50_000) + "\"}\n";

        assertThat(lint(text).told())
                .anyMatch(each -> each.isError() && each.path().equals("spec.analysis.delay"));
    }

    /** Of several hooks with one Secret: its mistakes are its own. */
    @Test
    void whatIsWrongWithASecretIsSaidOnceOfEachCanary() {
        String hooks =
                "spec:\n"
                        + SPEC
                        + "  analysis:\n    webhooks:\n"
                        + "    - {name: a, url: \"http://a\", secretRef: {name: s}}\n"
                        + "    - {name: b, url: \"http://b\", secretRef: {name: s}}\n";
        String text =
                NAMED
                        + hooks
                        + "---\n"
                        + NAMED.replace("name: a", "name: other")
                        + hooks
                        + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: b}\n";

        assertThat(lint(text).told())
                .filteredOn(each -> each.rule().equals("secret"))
                .extracting(Finding::about, Finding::path)
                .containsExactly(
                        tuple("Canary b/a", "spec.analysis.webhooks[0].secretRef"),
                        tuple("Canary b/other", "spec.analysis.webhooks[0].secretRef"));
    }

    /** Numbers, texts and lists at every place of a definition. */
    @Test
    void anythingAtAnyPlaceIsToldOrTaken() {
        List<String> values =
                List.of(
                        ".inf",
                        ".nan",
                        "-1e999",
                        "1" + "0".repeat(399),
                        "-1",
                        "1.5",
                        "''",
                        "x",
                        "[]",
                        "[x]",
                        "[~]",
                        "{}",
                        "{a: b}",
                        "~",
                        "true",
                        "!!binary aGk=",
                        "2026-11-30",
                        "\"" + "1s".repeat(20_000) + "\"");
        List<String> places =
                List.of(
                        "spec: %s",
                        "spec: {service: %s}",
                        "spec: {service: {port: %s}}",
                        "spec: {service: {retries: {attempts: %s}}}",
                        "spec: {progressDeadlineSeconds: %s}",
                        "spec: {autoscalerRef: {primaryScalerReplicas: {maxReplicas: %s}}}",
                        "spec: {analysis: %s}",
                        "spec: {analysis: {interval: %s}}",
                        "spec: {analysis: {delay: %s}}",
                        "spec: {analysis: {stepWeight: %s}}",
                        "spec: {analysis: {stepWeights: [%s]}}",
                        "spec: {analysis: {metrics: [{name: a, thresholdRange: {min: %s}}]}}",
                        "spec: {analysis: {metrics: [{name: a, threshold: %s}]}}",
                        "spec: {analysis: {webhooks: [{name: a, url: \"http://a\", timeout: %s}]}}",
                        "spec: {analysis: {webhooks: [{name: %s, url: \"http://a\"}]}}",
                        "spec: {after: [{name: a, timeout: %s}]}");
        for (String place : places) {
            for (String value : values) {
                String text = NAMED + place.formatted(value);

                assertThat(lint(text).told()).as(text).isNotEmpty();
            }
        }
        for (String value : values) {
            lint(CANARY + "metadata: " + value + "\nspec: {}");
            lint("apiVersion: %s\nkind: %s\nmetadata: {name: %s}".formatted(value, value, value));
        }
    }

    private static Findings lint(String text) {
        return lint(Manifests.read("text", text, ManifestBounds.REQUEST));
    }

    private static Findings lint(Manifests manifests) {
        return new Linting(
                        manifests,
                        Installation.named("production"),
                        "default",
                        ServiceRules.UNKNOWN)
                .findings(MOST);
    }
}
