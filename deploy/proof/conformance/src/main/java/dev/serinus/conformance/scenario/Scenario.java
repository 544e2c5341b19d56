package dev.serinus.conformance.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * One scenario. Its name is also the name of its namespace.
 *
 * @param about one line
 * @param base manifests applied first
 * @param objects manifests applied in its namespace
 * @param elsewhere manifests applied in other namespaces, empty for none
 * @param metrics of the fake Prometheus, in order
 * @param answers of other servers, in order; they come before metrics and webhooks
 * @param webhooks status codes by path, the last repeats
 * @param steps in order, each as it is written
 * @param right what has to be so, each as it is written; empty for what was recorded instead
 */
public record Scenario(
        String name,
        String about,
        List<String> base,
        String objects,
        String elsewhere,
        List<MetricRule> metrics,
        List<AnswerRule> answers,
        Map<String, List<Integer>> webhooks,
        List<JsonNode> steps,
        List<JsonNode> right) {

    public Scenario {
        base = List.copyOf(base);
        metrics = List.copyOf(metrics);
        answers = List.copyOf(answers);
        webhooks = Map.copyOf(webhooks);
        steps = List.copyOf(steps);
        right = List.copyOf(right);
    }

    /** The scenario of this text, with the placeholders filled in. */
    public static Scenario read(String name, String text, SinkAddress sink, Bases bases) {
        String filled =
                text.replace("NAMESPACE", name)
                        .replace("SINKTLS", sink.https() + "/" + name)
                        .replace("SINK", sink.http() + "/" + name);
        JsonNode yaml = Json.yaml(filled).getFirst();
        List<String> base =
                yaml.has("base")
                        ? list(yaml.path("base"), JsonNode::asText)
                        : List.of("deployment");
        Map<String, List<Integer>> webhooks = new LinkedHashMap<>();
        yaml.path("webhooks")
                .properties()
                .forEach(
                        each ->
                                webhooks.put(
                                        each.getKey(), list(each.getValue(), JsonNode::asInt)));
        return new Scenario(
                name,
                yaml.path("about").asText(),
                base.stream().map(bases::manifests).toList(),
                yaml.path("objects").asText(),
                yaml.path("elsewhere").asText(""),
                list(
                        yaml.path("metrics"),
                        rule ->
                                new MetricRule(
                                        rule.path("match").asText(),
                                        list(rule.path("values"), value -> value))),
                list(
                        yaml.path("answers"),
                        rule ->
                                new AnswerRule(
                                        rule.path("path").asText(),
                                        rule.path("match").asText(""),
                                        list(rule.path("replies"), reply -> reply))),
                webhooks,
                list(yaml.path("steps"), step -> step),
                list(yaml.path("right"), rule -> rule));
    }

    /** The manifests that scenarios begin with, by name. */
    public interface Bases {
        String manifests(String name);
    }

    private static <T> List<T> list(JsonNode tree, java.util.function.Function<JsonNode, T> of) {
        return StreamSupport.stream(tree.spliterator(), false)
                .map(of)
                .collect(ArrayList::new, List::add, List::addAll);
    }
}
