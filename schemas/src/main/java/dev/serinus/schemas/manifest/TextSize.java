package dev.serinus.schemas.manifest;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How much a text is, told from the events of its parser before anything is made of them: a
 * character may stand for hundreds of bytes, and an alias of an alias for any number of values.
 */
final class TextSize {

    private final ManifestBounds bounds;
    private final Resolver tags = new Resolver();
    private final Map<String, Part> anchors = new HashMap<>();
    private final Deque<Part> open = new ArrayDeque<>();
    private int documents;
    private long values;
    private long characters;

    TextSize(ManifestBounds bounds) {
        this.bounds = bounds;
    }

    /** A value with all in it. */
    private static final class Part {
        private long values = 1;
        private long characters;
        private int height;
        private boolean open;

        void add(Part inner) {
            values += inner.values;
            characters += inner.characters;
            height = Math.max(height, inner.height + 1);
        }
    }

    /** That are whole, and within the bounds. */
    int documents() {
        return documents;
    }

    /** Counts what comes next; {@link TooMuch} where that is beyond the bounds. */
    void add(Event event) {
        switch (event) {
            case DocumentStartEvent _ -> anchors.clear();
            case DocumentEndEvent _ -> documents++;
            case ScalarEvent scalar -> {
                number(scalar);
                var part = new Part();
                part.characters = scalar.getValue().length();
                anchor(scalar, part);
                count(part, event);
                close(part);
            }
            case CollectionStartEvent start -> {
                var part = new Part();
                part.open = true;
                anchor(start, part);
                count(part, event);
                open.push(part);
            }
            case CollectionEndEvent _ -> {
                Part part = open.pop();
                part.open = false;
                close(part);
            }
            case AliasEvent alias -> {
                // One of nothing is told by whoever makes values.
                Part meant = anchors.getOrDefault(alias.getAnchor(), new Part());
                if (meant.open) {
                    throw tooDeep(event);
                }
                count(meant, event);
                close(meant);
            }
            default -> {
                // The beginning and the end of the text.
            }
        }
    }

    private void anchor(NodeEvent event, Part part) {
        @Nullable String anchor = event.getAnchor();
        if (anchor != null) {
            anchors.put(anchor, part);
        }
    }

    private void close(Part part) {
        if (!open.isEmpty()) {
            open.peek().add(part);
        }
    }

    private void count(Part part, Event event) {
        if (open.size() + part.height > bounds.depth()) {
            throw tooDeep(event);
        }
        values += part.values;
        if (values > bounds.values()) {
            throw new TooMuch(
                    event.getStartMark(),
                    "has more than %d values, with what aliases stand for"
                            .formatted(bounds.values()));
        }
        characters += part.characters;
        if (characters > bounds.characters()) {
            throw new TooMuch(
                    event.getStartMark(),
                    "has more than %d characters, with what aliases stand for"
                            .formatted(bounds.characters()));
        }
    }

    private TooMuch tooDeep(Event event) {
        return new TooMuch(
                event.getStartMark(), "is nested deeper than %d levels".formatted(bounds.depth()));
    }

    private void number(ScalarEvent scalar) {
        String value = scalar.getValue();
        if (value.length() <= ManifestBounds.DIGITS) {
            return;
        }
        Tag tag =
                scalar.getTag() == null
                        ? tags.resolve(NodeId.scalar, value, scalar.isPlain())
                        : new Tag(scalar.getTag());
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            throw new TooMuch(
                    scalar.getStartMark(),
                    "has a number of more than %d digits".formatted(ManifestBounds.DIGITS));
        }
    }
}
