package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;

import dev.serinus.analysis.access.LabelSelector;
import dev.serinus.analysis.action.Wish;
import dev.serinus.schemas.events.ActionKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is asked for, as it was sent.
 *
 * @param dryRun only to say what would become of it
 * @param selection of whom; everything of it absent where the path names one
 */
record ActionBody(Wish wish, boolean dryRun, Selection selection) {

    /** Of two members of one name others may have read the first. */
    private static final ObjectReader STRICT =
            Answers.JSON
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_SELECTOR = 2_000;
    private static final Set<String> OF_ONE =
            Set.of("action", "reason", "gate", "run", "ifSequence", "dryRun");
    private static final Set<String> OF_MANY =
            Set.of("action", "reason", "gate", "dryRun", "rollouts", "select");
    private static final Set<String> SELECTS =
            Set.of("cluster", "namespace", "name", "phase", "labels");

    /**
     * Which canaries are meant, of those that the caller may see.
     *
     * @param rollouts by name; empty where the others say it
     * @param labels what their labels have to be; null for whatever they are
     */
    record Selection(
            List<String> rollouts,
            @Nullable String cluster,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String phase,
            @Nullable LabelSelector labels) {

        static final Selection NONE = new Selection(List.of(), null, null, null, null, null);

        Selection {
            rollouts = List.copyOf(rollouts);
        }

        /**
         * Whether one with these labels is meant.
         *
         * @param known null where they are not known
         */
        LabelSelector.Choice byLabels(@Nullable Map<String, String> known) {
            return labels == null ? LabelSelector.Choice.YES : labels.choice(known);
        }
    }

    /** One mistake, by its place. */
    record Mistake(String pointer, String detail) {}

    /** What was read, or what is wrong with it. */
    record Reading(@Nullable ActionBody body, List<Mistake> mistakes) {}

    /** Reads what was sent for one canary. */
    static Reading one(String json) {
        return new Reader(OF_ONE).read(json);
    }

    /** Reads what was sent for many. */
    static Reading many(String json) {
        return new Reader(OF_MANY).read(json);
    }

    static List<String> words() {
        return Stream.of(ActionKind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static final class Reader {

        private final Set<String> fields;
        private final List<Mistake> wrong = new ArrayList<>();

        Reader(Set<String> fields) {
            this.fields = fields;
        }

        Reading read(String json) {
            JsonNode root;
            try {
                root = STRICT.readTree(json);
            } catch (JsonProcessingException unreadable) {
                return mistaken("", "must be JSON, with each member once and nothing behind it");
            }
            if (root == null || !root.isObject()) {
                return mistaken("", "must be a JSON object");
            }
            unknown(root, "", fields);
            var kind = kind(root);
            String reason = text(root, "reason", LONGEST_REASON).orElse("");
            String gate = text(root, "gate", LONGEST_NAME).orElse("");
            if (!gate.isEmpty() && kind != ActionKind.APPROVE) {
                wrong.add(new Mistake("/gate", "only approve takes a gate"));
            }
            long run = number(root, "run");
            long sequence = number(root, "ifSequence");
            boolean dryRun = flag(root);
            var selection = fields.contains("select") ? selection(root) : Selection.NONE;
            return wrong.isEmpty() && kind != null
                    ? new Reading(
                            new ActionBody(
                                    new Wish(kind, reason, gate, run, sequence), dryRun, selection),
                            List.of())
                    : new Reading(null, List.copyOf(wrong));
        }

        private static Reading mistaken(String pointer, String detail) {
            return new Reading(null, List.of(new Mistake(pointer, detail)));
        }

        private void unknown(JsonNode node, String path, Set<String> known) {
            node.fieldNames()
                    .forEachRemaining(
                            name -> {
                                if (!known.contains(name)) {
                                    wrong.add(
                                            new Mistake(
                                                    path + "/" + name,
                                                    "is not known; known are "
                                                            + known.stream().sorted().toList()));
                                }
                            });
        }

        private @Nullable ActionKind kind(JsonNode root) {
            String word = root.path("action").asText("");
            var kind =
                    Stream.of(ActionKind.values())
                            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                            .findFirst();
            if (kind.isEmpty()) {
                wrong.add(new Mistake("/action", "must be one of " + words()));
            }
            return kind.orElse(null);
        }

        private Optional<String> text(JsonNode node, String field, int longest) {
            return text(node, "", field, longest);
        }

        private Optional<String> text(JsonNode node, String path, String field, int longest) {
            JsonNode value = node.path(field);
            if (value.isMissingNode() || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isTextual()
                    || value.asText().length() > longest
                    || value.asText().chars().anyMatch(Character::isISOControl)) {
                wrong.add(
                        new Mistake(
                                path + "/" + field,
                                "must be a text of one line and at most %d characters"
                                        .formatted(longest)));
                return Optional.empty();
            }
            return Optional.of(value.asText());
        }

        private long number(JsonNode root, String field) {
            JsonNode value = root.path(field);
            if (value.isMissingNode() || value.isNull()) {
                return 0;
            }
            // 7.0 is a whole number to JSON, and to some that write it.
            if (!value.canConvertToExactIntegral()
                    || !value.canConvertToLong()
                    || value.asLong() < 0) {
                wrong.add(new Mistake("/" + field, "must be a whole number, 0 or more"));
                return 0;
            }
            return value.asLong();
        }

        private boolean flag(JsonNode root) {
            JsonNode value = root.path("dryRun");
            if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
                wrong.add(new Mistake("/dryRun", "must be true or false"));
            }
            return value.asBoolean(false);
        }

        private Selection selection(JsonNode root) {
            JsonNode names = root.path("rollouts");
            JsonNode select = root.path("select");
            if (names.isMissingNode() == select.isMissingNode()) {
                wrong.add(
                        new Mistake(
                                "",
                                "must have either rollouts (a list of CLUSTER/NAMESPACE/NAME) or"
                                        + " select"));
                return Selection.NONE;
            }
            if (select.isMissingNode()) {
                return new Selection(names(names), null, null, null, null, null);
            }
            if (!select.isObject() || select.isEmpty()) {
                wrong.add(new Mistake("/select", "must have at least one of " + sorted(SELECTS)));
                return Selection.NONE;
            }
            unknown(select, "/select", SELECTS);
            return new Selection(
                    List.of(),
                    selected(select, "cluster"),
                    selected(select, "namespace"),
                    selected(select, "name"),
                    selected(select, "phase"),
                    labels(select));
        }

        private @Nullable LabelSelector labels(JsonNode select) {
            String text = selected(select, "labels", LONGEST_SELECTOR);
            if (text == null) {
                return null;
            }
            var selector = LabelSelector.parse(text);
            if (selector.isEmpty()) {
                wrong.add(new Mistake("/select/labels", LabelSelector.mistake("", text)));
            }
            return selector.orElse(null);
        }

        /**
         * What is there has to select something: a value that somebody forgot to set would select
         * all.
         */
        private @Nullable String selected(JsonNode select, String field) {
            return selected(select, field, LONGEST_NAME);
        }

        private @Nullable String selected(JsonNode select, String field, int longest) {
            JsonNode value = select.path(field);
            if (value.isNull() || (value.isTextual() && value.asText().isBlank())) {
                wrong.add(
                        new Mistake(
                                "/select/" + field,
                                "selects nothing: give it a value or leave it out"));
                return null;
            }
            return text(select, "/select", field, longest).orElse(null);
        }

        private static List<String> sorted(Set<String> names) {
            return names.stream().sorted().toList();
        }

        private List<String> names(JsonNode names) {
            List<String> found = new ArrayList<>();
            names.forEach(name -> found.add(name.asText("")));
            for (int i = 0; i < names.size(); i++) {
                if (names.isArray() && !names.get(i).isTextual()) {
                    wrong.add(
                            new Mistake(
                                    "/rollouts/" + i, "must be a text, CLUSTER/NAMESPACE/NAME"));
                }
            }
            if (!names.isArray() || found.isEmpty()) {
                wrong.add(new Mistake("/rollouts", "must be a list of CLUSTER/NAMESPACE/NAME"));
            }
            return found.stream().distinct().toList();
        }
    }
}
