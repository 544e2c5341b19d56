package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A small JSON object that was sent, and all that is wrong with it. */
final class BodyFields {

    private static final int LONGEST_REASON = 1_000;

    /** Of two members of one name others may have read the first. */
    private static final ObjectReader STRICT =
            Answers.JSON
                    .reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private final List<ActionBody.Mistake> wrong = new ArrayList<>();
    private final JsonNode root;

    /**
     * Reads it.
     *
     * @param known names of its members; others are mistakes
     */
    BodyFields(String json, Set<String> known) {
        root = object(json);
        root.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!known.contains(name)) {
                                mistake(
                                        "/" + name,
                                        "is not known; known are "
                                                + known.stream().sorted().toList());
                            }
                        });
    }

    private JsonNode object(String json) {
        try {
            JsonNode read = STRICT.readTree(json);
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (JsonProcessingException unreadable) {
            mistake("", "must be JSON, with each member once and nothing behind it");
            return MissingNode.getInstance();
        }
        mistake("", "must be a JSON object");
        return MissingNode.getInstance();
    }

    /** The member {@code reason}, of one line; empty where there is none. */
    String reason() {
        return reason(LONGEST_REASON);
    }

    /** The same where so many characters are taken. */
    String reason(int longest) {
        JsonNode value = root.path("reason");
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()
                || value.asText().length() > longest
                || value.asText().chars().anyMatch(Character::isISOControl)) {
            mistake(
                    "/reason",
                    "must be a text of one line and at most %d characters".formatted(longest));
            return "";
        }
        return value.asText();
    }

    /** A member that is true or false. */
    boolean flag(String name, boolean otherwise) {
        JsonNode value = root.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            mistake("/" + name, "must be true or false");
        }
        return value.asBoolean(otherwise);
    }

    /** A member that has to be there and be true or false; null where it is not. */
    @Nullable Boolean decision(String name) {
        JsonNode value = root.path(name);
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (!root.isMissingNode()) {
            mistake("/" + name, "must be true or false");
        }
        return null;
    }

    private void mistake(String pointer, String detail) {
        wrong.add(new ActionBody.Mistake(pointer, detail));
    }

    /** What is answered to mistakes; empty where there are none. */
    Optional<HttpResponse<String>> refusal(HttpRequest<?> request) {
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Answers.problem(
                                request,
                                HttpStatus.UNPROCESSABLE_ENTITY,
                                String.join(
                                        "; ",
                                        wrong.stream()
                                                .map(
                                                        one ->
                                                                (one.pointer() + " " + one.detail())
                                                                        .strip())
                                                .toList()),
                                Map.of("errors", List.copyOf(wrong))));
    }
}
