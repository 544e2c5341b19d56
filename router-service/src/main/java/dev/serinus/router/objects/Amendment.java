package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The difference of an object to what it shall be, as a JSON patch (RFC 6902) that holds only while
 * nobody else has changed what it rests on: the same object, its spec of the same generation, the
 * mark of the step that wrote it last and its owners, and of its metadata each value that is
 * changed. A status that is written meanwhile is in nobody's way, as it would be if the version
 * were asked for, and whatever else others write stays.
 */
final class Amendment {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String GENERATION = "/metadata/generation";
    private static final String MARK = "/metadata/annotations/" + escaped(Mark.ANNOTATION);
    private static final String OWNERS = "/metadata/ownerReferences";

    /** What the server keeps of its own accord. */
    private static final Set<String> SERVERS =
            Set.of("resourceVersion", "generation", "uid", "creationTimestamp", "managedFields");

    private final ArrayNode operations = JSON.arrayNode();
    private boolean possible = true;

    private Amendment() {}

    /**
     * Empty where it cannot be said like this: then the whole object is to be written at its
     * version.
     *
     * @param live as the server gave it out
     */
    static Optional<String> of(ClusterObject live, ClusterObject desired) {
        if (live.at(GENERATION).asLong() == 0 || live.at("/metadata/uid").asText().isEmpty()) {
            return Optional.empty();
        }
        var amendment = new Amendment();
        amendment.require("/metadata/uid", live.at("/metadata/uid"));
        amendment.require(GENERATION, live.at(GENERATION));
        // A generation need not rise where only metadata change: a DaemonSet's does not.
        if (live.at(MARK).isMissingNode()) {
            amendment.possible = false;
        } else {
            amendment.require(MARK, live.at(MARK));
        }
        if (!live.at(OWNERS).isMissingNode()) {
            amendment.require(OWNERS, live.at(OWNERS));
        }
        amendment.object("", live.json(), desired.json());
        return amendment.possible ? Optional.of(amendment.operations.toString()) : Optional.empty();
    }

    private void object(String path, ObjectNode before, ObjectNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (path.equals("/metadata") && SERVERS.contains(name)) {
                continue;
            }
            field(path, name, before.path(name), after.path(name));
        }
    }

    private void field(String path, String name, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        String here = path + "/" + escaped(name);
        if (before instanceof ObjectNode one && after instanceof ObjectNode other) {
            object(here, one, other);
            return;
        }
        boolean ofSpec = here.startsWith("/spec/");
        boolean ofMetadata = here.startsWith("/metadata/");
        // A whole map that is not there yet could hide what somebody else puts into it now.
        boolean hides = before.isMissingNode() && after.isContainerNode();
        if (!ofSpec && (!ofMetadata || hides)) {
            possible = false;
            return;
        }
        if (ofMetadata && !before.isMissingNode() && !here.equals(MARK)) {
            require(here, before);
        }
        if (after.isMissingNode()) {
            operations.addObject().put("op", "remove").put("path", here);
        } else {
            operations.addObject().put("op", "add").put("path", here).set("value", after);
        }
    }

    /** A name as part of a JSON pointer (RFC 6901). */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private void require(String path, JsonNode value) {
        operations.addObject().put("op", "test").put("path", path).set("value", value);
    }
}
