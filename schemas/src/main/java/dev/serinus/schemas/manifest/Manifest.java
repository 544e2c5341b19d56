package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.util.regex.Pattern;

/**
 * One resource as it stands in a text.
 *
 * @param written where each of its fields stands
 * @param object what it says
 */
public record Manifest(String file, Node written, JsonNode object) {

    private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[\\]]+)");

    /** Empty where it says none. */
    public String kind() {
        return object.path("kind").asText();
    }

    boolean isOf(String group, String kind) {
        return kind().equals(kind) && object.path("apiVersion").asText().startsWith(group + "/");
    }

    public String name() {
        return object.path("metadata").path("name").asText();
    }

    /** The namespace that it names; empty where it names none. */
    public String namespace() {
        return object.path("metadata").path("namespace").asText();
    }

    /** What it is called in a sentence. */
    public String label() {
        return kind() + " " + (namespace().isEmpty() ? "" : namespace() + "/") + name();
    }

    /** The same, or where it stands, of one that says not even of what kind it is. */
    public String title() {
        return kind().isEmpty() && name().isEmpty() ? "%s:%d".formatted(file, line("")) : label();
    }

    /**
     * The line of a field, from 1; of the nearest that is written where the field is not.
     *
     * @param path such as {@code spec.analysis.metrics[0].name}
     */
    public int line(String path) {
        Node at = written;
        int line = at.getStartMark().getLine();
        var steps = STEP.matcher(path);
        while (steps.find()) {
            Node next = null;
            if (at instanceof SequenceNode list && steps.group(1) != null) {
                int place = Integer.parseInt(steps.group(1));
                next = place < list.getValue().size() ? list.getValue().get(place) : null;
                line = next == null ? line : next.getStartMark().getLine();
            } else if (at instanceof MappingNode map) {
                for (var field : map.getValue()) {
                    if (field.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(steps.group(2))) {
                        next = field.getValueNode();
                        line = key.getStartMark().getLine();
                    }
                }
            }
            if (next == null) {
                break;
            }
            at = next;
        }
        return line + 1;
    }
}
