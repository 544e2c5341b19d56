package dev.serinus.schemas.cluster;

/**
 * An object as the watch last showed it.
 *
 * @param generation metadata.generation, which counts changes of the spec; 0 where the API server
 *     gives none
 * @param value what was kept of it
 */
public record Observed<T>(
        String namespace,
        String name,
        String uid,
        long generation,
        String resourceVersion,
        T value) {

    /** The same, of which something else is kept. */
    Observed<T> with(T other) {
        return new Observed<>(namespace, name, uid, generation, resourceVersion, other);
    }

    /** The value is left out: it may hold secrets. */
    @Override
    public String toString() {
        return "Seen[" + namespace + "/" + name + " generation " + generation + "]";
    }
}
