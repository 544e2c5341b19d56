package dev.serinus.schemas.canary;

import dev.serinus.schemas.events.Problem;

import java.util.List;

/**
 * What came of reading a resource.
 *
 * @param <T> the kind of resource
 */
public sealed interface Reading<T extends FlaggerResource<?, ?>> {
    /** The resource as far as it could be read; the rules refuse one with problems. */
    T resource();

    /** Everything fitted. */
    record Whole<T extends FlaggerResource<?, ?>>(T resource) implements Reading<T> {}

    /**
     * Something did not fit: every problem by path, and the resource without those parts, its spec
     * perhaps null.
     */
    record Malformed<T extends FlaggerResource<?, ?>>(T resource, List<Problem> problems)
            implements Reading<T> {
        public Malformed {
            problems = List.copyOf(problems);
        }
    }
}
