package dev.serinus.schemas.canary;

import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;

import java.util.List;

/**
 * A resource of flagger.app. One that cannot be read whole is still an object, with the reasons in
 * {@link #problems()} and without the parts that did not fit, so that a malformed one never stops
 * an informer for the others. Its spec is null when something that every spec has is missing.
 *
 * @param <S> the spec
 * @param <T> the status
 */
public abstract class FlaggerResource<S, T> extends CustomResource<S, T> implements Namespaced {
    private static final long serialVersionUID = 1L;

    private transient List<Problem> problems = List.of();

    /** What did not fit when it was read, by path; empty for one that was read whole. */
    public List<Problem> problems() {
        return problems;
    }

    void misread(List<Problem> found) {
        problems = List.copyOf(found);
    }
}
