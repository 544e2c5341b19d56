package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Names an object, in the Canary's namespace unless another is given. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespacedRef(String name, @Nullable String namespace) {

    /** One that is written as NAMESPACE/NAME; empty for what is not. */
    public static Optional<NamespacedRef> parse(String written) {
        int slash = written.indexOf('/');
        return Optional.of(slash)
                .filter(at -> at > 0)
                .map(at -> new NamespacedRef(written.substring(at + 1), written.substring(0, at)))
                .filter(ref -> ObjectNames.isName(ref.name()))
                .filter(ref -> ObjectNames.isNamespace(String.valueOf(ref.namespace())));
    }
}
