package dev.serinus.conformance.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/**
 * What any other server answers.
 *
 * @param path how the paths of its requests begin
 * @param match part of their query or body, empty for any
 * @param replies one for each request, the last repeats: {@code status}, {@code json} or {@code
 *     text}, {@code type}, {@code delay} in seconds
 */
public record AnswerRule(String path, String match, List<JsonNode> replies) {

    public AnswerRule {
        replies = List.copyOf(replies);
    }
}
