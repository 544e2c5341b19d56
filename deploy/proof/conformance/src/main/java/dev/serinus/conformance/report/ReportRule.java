package dev.serinus.conformance.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Something that has to be so in a report. A scenario writes them in its list {@code right}, each
 * as a word with its settings; README.md has the words.
 */
sealed interface ReportRule permits Serving, StatusRules, MessageRules {

    /** What is not so, each with its time; nothing when it is right. */
    List<String> wrong(PlayedReport played);

    /** The rule that is written so. */
    static ReportRule of(JsonNode written) {
        if (!written.isObject() || written.size() != 1) {
            throw new IllegalArgumentException("not one word with its settings: " + written);
        }
        Map.Entry<String, JsonNode> only = written.properties().iterator().next();
        Function<Settings, ReportRule> kind =
                Optional.ofNullable(KINDS.get(only.getKey()))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "no such rule: " + only.getKey()));
        var settings = new Settings(only.getKey(), only.getValue());
        ReportRule right = kind.apply(settings);
        settings.end();
        return right;
    }

    /** How each rule is read. */
    Map<String, Function<Settings, ReportRule>> KINDS =
            Map.ofEntries(
                    Map.entry(
                            "serves",
                            it -> new Serving.Served(TimeRange.of(it), it.number("grace", 0.5))),
                    Map.entry(
                            "share",
                            it ->
                                    new Serving.Share(
                                            it.text("of"),
                                            it.number("at-most", 0),
                                            TimeRange.of(it),
                                            it.number("grace", 0))),
                    Map.entry(
                            "selects",
                            it ->
                                    new Serving.Selects(
                                            it.text("service"),
                                            it.text("owner"),
                                            TimeRange.of(it),
                                            it.number("grace", 0.5))),
                    Map.entry(
                            "pods",
                            it ->
                                    new Serving.Pods(
                                            it.text("of"),
                                            it.number("at-share", 0),
                                            (int) it.number("at-least", 1),
                                            TimeRange.of(it))),
                    Map.entry("apart", it -> new Serving.Apart(TimeRange.of(it))),
                    Map.entry(
                            "reaches",
                            it ->
                                    new StatusRules.Reaches(
                                            it.optional("canary"),
                                            it.tree("status"),
                                            TimeRange.of(it))),
                    Map.entry(
                            "never",
                            it ->
                                    new StatusRules.Never(
                                            it.optional("canary"),
                                            it.tree("status"),
                                            TimeRange.of(it))),
                    Map.entry(
                            "ends",
                            it -> new StatusRules.Ends(it.optional("canary"), it.tree("status"))),
                    Map.entry(
                            "hook",
                            it ->
                                    new MessageRules.Hook(
                                            it.text("path"),
                                            (int) it.number("at-least", 1),
                                            TimeRange.of(it))),
                    Map.entry(
                            "told",
                            it ->
                                    new MessageRules.Told(
                                            it.pattern("matches"),
                                            (int) it.number("at-most", Integer.MAX_VALUE),
                                            TimeRange.of(it))),
                    Map.entry(
                            "said",
                            it ->
                                    new MessageRules.Said(
                                            it.text("label"),
                                            it.patterns("matches"),
                                            it.patterns("not"))),
                    Map.entry(
                            "differ",
                            it -> new MessageRules.Differ(it.pattern("matches"), it.texts("in"))));

    /** The settings of one rule: each is used, or it is a mistake. */
    final class Settings {

        private final String rule;
        private final JsonNode written;
        private final Set<String> unused;

        Settings(String rule, JsonNode written) {
            this.rule = rule;
            this.written = written;
            this.unused = new TreeSet<>();
            written.fieldNames().forEachRemaining(unused::add);
        }

        private JsonNode get(String name) {
            unused.remove(name);
            return written.path(name);
        }

        JsonNode tree(String name) {
            JsonNode value = get(name);
            if (value.isMissingNode()) {
                throw new IllegalArgumentException(rule + " needs " + name);
            }
            return value;
        }

        String text(String name) {
            return tree(name).asText();
        }

        Optional<String> optional(String name) {
            return Optional.ofNullable(get(name).textValue());
        }

        double number(String name, double otherwise) {
            return get(name).asDouble(otherwise);
        }

        List<String> texts(String name) {
            JsonNode value = get(name);
            return value.isTextual()
                    ? List.of(value.asText())
                    : value.valueStream().map(JsonNode::asText).toList();
        }

        Pattern pattern(String name) {
            return Pattern.compile(text(name));
        }

        List<Pattern> patterns(String name) {
            return texts(name).stream().map(Pattern::compile).toList();
        }

        void end() {
            if (!unused.isEmpty()) {
                throw new IllegalArgumentException(rule + " has no " + String.join(", ", unused));
            }
        }
    }
}
