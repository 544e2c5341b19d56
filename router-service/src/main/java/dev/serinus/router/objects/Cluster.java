package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The cluster's objects. Every write says at which version its object was read, so that nothing is
 * undone that was not seen. Trouble is a {@link Refusal}, a lost race a {@link Conflict}.
 */
public interface Cluster {

    /** The object as it is now; null when it does not exist. */
    @Nullable ClusterObject find(Ref ref);

    /**
     * Has the server asked for the object the next time that it is looked for, unless what is
     * remembered of it is younger than {@code age}; zero leaves nothing remembered. For decisions
     * that must not rest on a watch that may be behind.
     */
    default void refresh(Ref ref, Duration age) {}

    /**
     * False when nothing is known of an object whose name follows from its content, so that it is
     * best created without a look: the server refuses what is there already.
     */
    default boolean mayExist(Ref ref) {
        return true;
    }

    /** The objects of a kind with these labels. */
    List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels);

    /**
     * Names objects of a kind among which are all that were made for a Canary, whether it still
     * asks for them or not; without a request where a watch shows them.
     */
    default List<Ref> madeFor(Canary canary, Kind kind) {
        String namespace = kind.isNamespaced() ? canary.getMetadata().getNamespace() : "";
        return list(kind, namespace, Map.of()).stream()
                .filter(
                        object ->
                                object.isOwnedBy(canary)
                                        || object.mark()
                                                .filter(it -> !it.canary().isEmpty())
                                                .filter(
                                                        it ->
                                                                it.isOf(
                                                                        canary.getMetadata()
                                                                                .getUid()))
                                                .isPresent())
                .map(ClusterObject::ref)
                .toList();
    }

    /** True while a watch shows all objects of a kind. */
    default boolean isWatched(Kind kind) {
        return false;
    }

    /** Creates the object and gives what the server made of it. */
    ClusterObject create(ClusterObject object);

    /** Writes the object if it is still at the version it was read at. */
    ClusterObject replace(ClusterObject object);

    /**
     * Writes what is to be otherwise of an object, if nobody has changed meanwhile what that rests
     * on; a status that was written since is no obstacle where the kind has a generation.
     *
     * @param live as it was read
     */
    default ClusterObject replace(ClusterObject desired, ClusterObject live) {
        return replace(desired);
    }

    /**
     * Puts finalizers, annotations and whatever else the part says on an object, if it is still at
     * the version that the part has; nothing else of it is written.
     *
     * @param part what names the object and its version, and is to be put on it
     */
    void put(ClusterObject part);

    /**
     * The object as the server would keep it, were it written; nothing is. Empty where that cannot
     * be told.
     */
    default Optional<ClusterObject> tried(ClusterObject object) {
        return Optional.empty();
    }

    /**
     * Why the server would not take the object, were it written; nothing is. Empty where it would,
     * or where that cannot be told.
     */
    default Optional<Refusal> refusing(ClusterObject object) {
        return Optional.empty();
    }

    /** Writes the finalizers of an object that may vanish by it, if it is still at its version. */
    void release(ClusterObject object);

    /** Deletes the object; one that is not there is fine. */
    void delete(Ref ref);

    /** True when the namespace is being deleted; false when that cannot be told. */
    boolean isTerminating(String namespace);

    /**
     * When a program of this name last wrote to the object, by the server's own bookkeeping; empty
     * when it never did, or when that cannot be told.
     */
    default Optional<Instant> lastWrite(Ref ref, String program) {
        return Optional.empty();
    }

    /** The object once it is so, or as it is when patience ends; null when it does not exist. */
    @Nullable ClusterObject await(Ref ref, Predicate<ClusterObject> so, Duration patience)
            throws InterruptedException;
}
