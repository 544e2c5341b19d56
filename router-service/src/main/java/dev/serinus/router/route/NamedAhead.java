package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * How a route whose rules have lists of backends names some that get nothing.
 *
 * @param rules the field of the spec that has the rules
 * @param place the field of a rule that says which requests it is for
 * @param backends the field of a rule that has its backends
 * @param identity what makes two backends the same; empty for what is no backend
 * @param silent a backend as it is named when it gets nothing
 * @param explicit gives the backends of a list the weights that they have without saying so, where
 *     a weight beside them would change what that means
 */
public record NamedAhead(
        String rules,
        String place,
        String backends,
        Function<JsonNode, Optional<String>> identity,
        UnaryOperator<ObjectNode> silent,
        Consumer<ArrayNode> explicit) {

    /**
     * The spec that leads as {@code leading} does and names the backends of {@code other} besides;
     * empty when it names all of them already, or has no rule with backends.
     */
    public Optional<JsonNode> naming(JsonNode leading, JsonNode other) {
        Set<String> known = new HashSet<>();
        leading.path(rules)
                .forEach(
                        rule ->
                                rule.path(backends)
                                        .forEach(it -> identity.apply(it).ifPresent(known::add)));
        JsonNode named = leading.deepCopy();
        var fitting =
                named.path(rules)
                        .valueStream()
                        .filter(rule -> !rule.path(backends).isEmpty())
                        .toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        List<ArrayNode> changed = new ArrayList<>();
        for (JsonNode rule : other.path(rules)) {
            for (JsonNode backend : rule.path(backends)) {
                if (identity.apply(backend).filter(known::add).isPresent()
                        && backend instanceof ObjectNode missing
                        && like(fitting, rule).path(backends) instanceof ArrayNode list) {
                    if (!changed.contains(list)) {
                        explicit.accept(list);
                    }
                    list.add(silent.apply(missing.deepCopy()).put("weight", 0));
                    changed.add(list);
                }
            }
        }
        return changed.isEmpty() ? Optional.empty() : Optional.of(named);
    }

    /** The rule for the same requests, since what else it says may be about its backends too. */
    private JsonNode like(List<JsonNode> fitting, JsonNode rule) {
        return fitting.stream()
                .filter(it -> it.path(place).equals(rule.path(place)))
                .findFirst()
                .orElse(fitting.getFirst());
    }
}
