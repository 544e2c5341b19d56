package dev.serinus.conformance.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.serinus.conformance.json.Json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * All that the comparison takes for noise. Nothing else is overlooked, and nothing is overlooked
 * anywhere else:
 *
 * <ul>
 *   <li>names that begin with {@code serinus.dev/}, and {@code checksum}, {@code timestamp}, {@code
 *       uid}, {@code flagger.app/id}, {@code color}
 *   <li>absent, null and empty are the same in an object
 *   <li>the order of {@code ports}, {@code headers} and {@code conditions}, which Flagger leaves to
 *       chance
 *   <li>the address of the fake server, UUIDs, times, hashes, signatures of AWS and the random part
 *       of cookies; an address in a Secret is read first
 * </ul>
 */
final class Normal {

    private static final String OURS = "serinus.dev/";
    private static final Set<String> CHANCE =
            Set.of("checksum", "timestamp", "uid", "flagger.app/id", "color");
    private static final Set<String> UNORDERED = Set.of("ports", "headers", "conditions");
    private static final Set<String> HASHED = Set.of("flagger-id", "checksum");
    private static final String ENCODED_HTTP = "aHR0c";

    private static final Pattern SINK = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TIME =
            Pattern.compile(
                    "\\b1[78]\\d{8}(\\d{3}|\\d{6}|\\d{9})?\\b"
                            + "|\\b202\\d-\\d\\d-\\d\\dT[\\d:.%A]+(Z|[+-]\\d\\d:\\d\\d)?"
                            + "|\\b202\\d{5}T\\d{6}Z|(?<=Credential=[A-Z0-9]{1,32}/)\\d{8}");
    private static final Pattern SIGNATURE = Pattern.compile("(?<=Signature=)[0-9a-f]{64}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{6,10}");
    private static final Pattern COOKIE = Pattern.compile("(?<=[=*])[A-Za-z]{10}(?=;|\\.\\*|$)");

    private Normal() {}

    /** The tree without noise. */
    static JsonNode of(JsonNode tree) {
        return of(tree, "");
    }

    /** The text without noise. */
    static String of(String text) {
        return of(text, "");
    }

    private static JsonNode of(JsonNode tree, String name) {
        return switch (tree.getNodeType()) {
            case OBJECT -> object(tree);
            case ARRAY -> list(tree, name);
            case STRING -> TextNode.valueOf(of(tree.textValue(), name));
            default -> tree;
        };
    }

    private static JsonNode object(JsonNode tree) {
        var kept = Json.object();
        tree.properties()
                .forEach(
                        each -> {
                            String name = each.getKey();
                            if (name.startsWith(OURS) || CHANCE.contains(name)) {
                                return;
                            }
                            JsonNode value = of(each.getValue(), name);
                            if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                                kept.set(name, value);
                            }
                        });
        return kept;
    }

    private static JsonNode list(JsonNode tree, String name) {
        List<JsonNode> values = new ArrayList<>();
        tree.forEach(each -> values.add(of(each, "")));
        if (UNORDERED.contains(name) && values.stream().allMatch(JsonNode::isObject)) {
            values.sort(Comparator.comparing(Json::sorted));
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode(values.size());
        return list.addAll(values);
    }

    private static String of(String text, String name) {
        String plain = text.startsWith(ENCODED_HTTP) ? decoded(text) : text;
        plain = SINK.matcher(plain).replaceAll("SINK");
        plain = UUID.matcher(plain).replaceAll("<uuid>");
        plain = TIME.matcher(plain).replaceAll("<time>");
        plain = SIGNATURE.matcher(plain).replaceAll("<signature>");
        if (HASHED.contains(name) && HASH.matcher(plain).matches()) {
            return "<hash>";
        }
        return COOKIE.matcher(plain).replaceAll("<cookie>");
    }

    private static String decoded(String text) {
        return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
