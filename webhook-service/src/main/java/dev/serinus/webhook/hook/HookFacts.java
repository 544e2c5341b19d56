package dev.serinus.webhook.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.hook.HookFactNames;
import dev.serinus.schemas.outgoing.RolloutField;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a hook may be told about its rollout: put in for {@code {{ canaryWeight }}} and the like in
 * its metadata and address, and sent in a field of its own. Any other braces stay as they are,
 * since metadata may hold templates of others.
 *
 * @param values by the names that a manifest writes
 */
record HookFacts(Map<String, JsonNode> values) {

    private static final Pattern PLACE =
            Pattern.compile("\\{\\{\\s*(" + String.join("|", HookFactNames.ALL) + ")\\s*\\}\\}");

    HookFacts {
        values = Map.copyOf(values);
    }

    /** Of a call; nothing of one from a release that did not say how far the rollout is. */
    static HookFacts of(WebhookCall call) {
        RolloutFacts rollout = call.getRollout();
        if (rollout == null) {
            return new HookFacts(Map.of());
        }
        var values =
                new TreeMap<>(
                        RolloutField.values(call.getStep().getRun(), call.getPhase(), rollout));
        values.put("step", JsonNodeFactory.instance.numberNode(call.getStep().getStep()));
        return new HookFacts(values);
    }

    /** The same hook with these facts in the places that name them. */
    Hook in(Hook hook) {
        if (values.isEmpty()) {
            return hook;
        }
        return new Hook(
                hook.name(),
                hook.type(),
                in(hook.url()),
                hook.timeout(),
                hook.retries(),
                hook.disableTLS(),
                in(hook.metadata()),
                hook.method(),
                in(hook.headers()),
                hook.secret());
    }

    private Map<String, String> in(Map<String, String> texts) {
        var all = new TreeMap<String, String>();
        texts.forEach((key, value) -> all.put(key, in(value)));
        return all;
    }

    private String in(String text) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(text(place.group(1))));
    }

    private String text(String name) {
        JsonNode value = values.get(name);
        return value == null ? "" : value.asText();
    }

    /** As it is sent; nothing where nothing is known. */
    Map<String, JsonNode> fields() {
        return RolloutField.of(values);
    }
}
