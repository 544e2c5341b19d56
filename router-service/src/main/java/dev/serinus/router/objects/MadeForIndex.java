package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds objects by the Canary that they seem to be made for, whatever the number of others: it is
 * asked at each step of each Canary. May be used by several threads at once; those of one object
 * have to take turns.
 */
public final class MadeForIndex {

    /** A note that some objects of a kind in a namespace carry. */
    private record Key(Kind kind, String namespace, String note) {}

    private final Map<Key, Set<Ref>> refs = new ConcurrentHashMap<>();

    /**
     * Takes in what an object is now in place of what it was; what is in both stays in throughout.
     *
     * @param before null for an object that was not in
     * @param after null for one that goes
     */
    public void change(Ref ref, @Nullable MadeFor before, @Nullable MadeFor after) {
        List<String> kept = after == null ? List.of() : after.notes();
        kept.forEach(note -> add(key(ref, note), ref));
        if (before != null) {
            before.notes().stream()
                    .filter(note -> !kept.contains(note))
                    .forEach(note -> remove(key(ref, note), ref));
        }
    }

    private void add(Key key, Ref ref) {
        refs.compute(
                key,
                (_, found) -> {
                    Set<Ref> all = found == null ? ConcurrentHashMap.newKeySet(1) : found;
                    all.add(ref);
                    return all;
                });
    }

    private void remove(Key key, Ref ref) {
        refs.computeIfPresent(
                key,
                (_, all) -> {
                    all.remove(ref);
                    return all.isEmpty() ? null : all;
                });
    }

    /** Names the objects of a kind, beside a Canary, that seem to be made for it. */
    public Set<Ref> of(Canary canary, Kind kind) {
        String namespace = kind.isNamespaced() ? canary.getMetadata().getNamespace() : "";
        Set<Ref> all = new LinkedHashSet<>();
        for (String note : MadeFor.notes(canary, kind)) {
            all.addAll(refs.getOrDefault(new Key(kind, namespace, note), Set.of()));
        }
        return all;
    }

    private static Key key(Ref ref, String note) {
        return new Key(ref.kind(), ref.kind().isNamespaced() ? ref.namespace() : "", note);
    }
}
