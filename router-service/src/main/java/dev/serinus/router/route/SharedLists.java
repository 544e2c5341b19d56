package dev.serinus.router.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What of an adopted object its user and the Canary share, such as hosts. What the Canary has put
 * there is noted on the object, so that it goes when the Canary has it no more; all else is the
 * user's and stays.
 */
public final class SharedLists {

    /** Where is noted what the Canary has put there, by the name of what is shared. */
    public static final String ADDED = ClusterObject.OURS + "added";

    /** Conditions of the analysis, by which routes were made beside the user's. */
    public static final String MATCH = "match";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final ClusterObject found;
    private final boolean isOfTheUser;
    private final boolean isFlaggers;
    private final @Nullable ClusterObject original;
    private final ObjectNode noted;
    private final ObjectNode added = JsonNodeFactory.instance.objectNode();

    /**
     * @param found as it is
     * @param isOfTheUser true where all of it is as its user has it: nobody has taken it over, or
     *     the user has applied it since
     */
    public SharedLists(ClusterObject found, boolean isOfTheUser) {
        this.found = found;
        this.isOfTheUser = isOfTheUser;
        boolean isNoted = found.annotation(RouteMetadata.ORIGINAL) != null;
        this.isFlaggers = !isOfTheUser && !isNoted;
        this.original = isOfTheUser && !isNoted ? null : RouteMetadata.original(found).orElse(null);
        this.noted = isOfTheUser && !isNoted ? JsonNodeFactory.instance.objectNode() : noted(found);
    }

    /** What an annotation says that nobody can read is as if there were none. */
    static ObjectNode noted(ClusterObject found) {
        String text = found.annotation(ADDED);
        try {
            return text != null && JSON.readTree(text) instanceof ObjectNode noted
                    ? noted
                    : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException unreadable) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /**
     * The user's entries of a list of {@code spec}, in their order.
     *
     * @param wanted the Canary's: without a note those that the user did not have are its own
     */
    public List<JsonNode> users(String field, Iterable<JsonNode> wanted) {
        List<JsonNode> ours = new ArrayList<>();
        if (noted.has(field)) {
            noted.path(field).forEach(ours::add);
            // Who has written a part anew may have one of them by now.
            if (isOfTheUser && original != null) {
                ours.removeAll(list(original, field));
            }
        } else if (original != null && !isOfTheUser) {
            // Flagger replaces such a list at each tick.
            (isFlaggers ? list(found, field) : wanted).forEach(ours::add);
            ours.removeAll(list(original, field));
        }
        return list(found, field).stream().filter(it -> !ours.contains(it)).toList();
    }

    /**
     * True where the user has no such list, which means something of its own: one that is as it was
     * found, or that holds nothing but what the Canary has put there.
     */
    public boolean isAbsent(String field, Iterable<JsonNode> wanted) {
        boolean neverWas = !isFlaggers && (original == null || list(original, field).isEmpty());
        return users(field, wanted).isEmpty() && (list(found, field).isEmpty() || neverWas);
    }

    /** The Canary's entries first, then the user's. What the user does not have is to be noted. */
    public ArrayNode merged(String field, Iterable<JsonNode> wanted) {
        return merged(field, wanted, users(field, wanted));
    }

    /** The same, where the user's are known. */
    public ArrayNode merged(String field, Iterable<JsonNode> wanted, List<JsonNode> users) {
        List<JsonNode> more = new ArrayList<>();
        wanted.forEach(more::add);
        more.removeAll(users);
        // None as well: what its user has there later is not the Canary's, whoever wants it.
        added.putArray(field).addAll(more);
        return AdoptedRules.union(wanted, JsonNodeFactory.instance.arrayNode().addAll(users));
    }

    /** What the Canary has put there before, as far as it is noted. */
    public List<JsonNode> noted(String what) {
        return isOfTheUser ? List.of() : noted.path(what).valueStream().toList();
    }

    /** These are what the Canary puts there now. */
    public void added(String what, List<JsonNode> entries) {
        if (!entries.isEmpty()) {
            added.putArray(what).addAll(entries);
        }
    }

    /** Notes what the Canary has put there; nothing where that is none. */
    public void note(Edit edit) {
        edit.withoutAnnotations(ADDED::equals);
        if (!added.isEmpty()) {
            edit.annotate(ADDED, added.toString());
        }
    }

    /** Notes what the Canary has put there as it is noted on another version of the object. */
    public static void noteAsOn(ClusterObject other, Edit edit) {
        String text = other.annotation(ADDED);
        edit.withoutAnnotations(ADDED::equals);
        if (text != null) {
            edit.annotate(ADDED, text);
        }
    }

    private static List<JsonNode> list(ClusterObject object, String field) {
        return object.at("/spec/" + field).valueStream().toList();
    }
}
