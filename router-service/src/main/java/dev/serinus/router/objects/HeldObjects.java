package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * Objects in memory as their bytes, which take less than their trees. Those that were looked up
 * least lately go when they become too many bytes; one that alone is too large is not held. Not to
 * be used by several threads at once.
 */
final class HeldObjects {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final class Held {
        private final String version;
        private final MadeFor madeFor;
        private final byte[] json;

        Held(String version, MadeFor madeFor, byte[] json) {
            this.version = version;
            this.madeFor = madeFor;
            this.json = json;
        }

        String version() {
            return version;
        }
    }

    private final long most;
    private final LinkedHashMap<Ref, Held> held = new LinkedHashMap<>(16, 0.75f, true);
    private final MadeForIndex index = new MadeForIndex();
    private long bytes;

    /**
     * @param most how many bytes are held, 1 or more
     */
    HeldObjects(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one byte must be held, was " + most);
        }
        this.most = most;
    }

    @Nullable ClusterObject find(Ref ref) {
        var found = held.get(ref);
        if (found == null) {
            return null;
        }
        try {
            return new ClusterObject(ref, JSON.readValue(found.json, ObjectNode.class));
        } catch (IOException impossible) {
            throw new UncheckedIOException(ref + " was written here", impossible);
        }
    }

    /** The version at which it is held. */
    Optional<String> version(Ref ref) {
        return Optional.ofNullable(held.get(ref)).map(Held::version);
    }

    /** Names the objects of a kind that seem to be made for a Canary. */
    Set<Ref> madeFor(Canary canary, Kind kind) {
        return index.of(canary, kind);
    }

    boolean contains(Ref ref) {
        return held.containsKey(ref);
    }

    void put(ClusterObject object) {
        remove(object.ref());
        byte[] json = bytes(object);
        if (json.length > most) {
            return;
        }
        var madeFor = MadeFor.of(object);
        held.put(object.ref(), new Held(object.resourceVersion(), madeFor, json));
        index.change(object.ref(), null, madeFor);
        bytes += json.length;
        while (bytes > most) {
            remove(held.firstEntry().getKey());
        }
    }

    void remove(Ref ref) {
        var gone = held.remove(ref);
        if (gone != null) {
            index.change(ref, gone.madeFor, null);
            bytes -= gone.json.length;
        }
    }

    /** Removes it if it is held at that version. */
    void remove(Ref ref, String version) {
        if (version(ref).filter(version::equals).isPresent()) {
            remove(ref);
        }
    }

    private static byte[] bytes(ClusterObject object) {
        try {
            return JSON.writeValueAsBytes(object.json());
        } catch (IOException impossible) {
            throw new UncheckedIOException(object.ref() + " is a tree of JSON", impossible);
        }
    }
}
