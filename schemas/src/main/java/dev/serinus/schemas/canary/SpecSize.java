package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;

/**
 * How large a spec may be. Whoever may create a resource may create many, of 1.5 MB each, and every
 * service that watches them keeps what it needs of each: so what is too large is not read at all.
 */
public final class SpecSize {

    /** Characters of all names and texts of a spec, numbers and brackets included. */
    static final int LARGEST = 128 * 1024;

    /** What a number, a bracket or a comma counts for. */
    private static final int MARK = 4;

    private long left = LARGEST;

    private SpecSize() {}

    /**
     * The spec of an object of flagger.app as written; empty where there is none, or a large one.
     */
    public static Map<?, ?> specOf(GenericKubernetesResource object) {
        return object.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
                        && !isTooLarge(spec)
                ? spec
                : Map.of();
    }

    /**
     * True for a spec that is larger than may be; counts no further than that.
     *
     * @param spec a tree of Jackson's, or of maps and lists
     */
    public static boolean isTooLarge(Object spec) {
        return !new SpecSize().takes(spec);
    }

    private boolean takes(@Nullable Object node) {
        left -= MARK;
        switch (node) {
            case String text -> left -= text.length();
            case JsonNode text when text.isTextual() -> left -= text.textValue().length();
            case Map<?, ?> map -> map.forEach(this::take);
            case Collection<?> list -> list.forEach(this::take);
            case JsonNode tree -> {
                tree.properties().forEach(field -> take(field.getKey(), field.getValue()));
                if (tree.isArray()) {
                    tree.forEach(this::take);
                }
            }
            case null, default -> {}
        }
        return left >= 0;
    }

    private void take(@Nullable Object element) {
        if (left >= 0) {
            var _ = takes(element);
        }
    }

    private void take(Object key, @Nullable Object value) {
        left -= String.valueOf(key).length();
        take(value);
    }
}
