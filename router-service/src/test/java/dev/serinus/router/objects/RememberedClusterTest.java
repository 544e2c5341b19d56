package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** What is held is given only while a watch shows that very version. */
class RememberedClusterTest {

    private static final Ref ROUTE = Kind.SERVICE.named("test", "podinfo");

    private final Store store = new Store();
    private final Map<Ref, String> shown = new HashMap<>();
    private final RememberedCluster cluster = new RememberedCluster(store, 2);

    RememberedClusterTest() {
        cluster.watchedBy(ref -> Optional.ofNullable(shown.get(ref)));
    }

    @Test
    void whatWasReadIsGivenAgainWhileTheWatchShowsItsVersion() {
        // Given
        store.put(ROUTE, "5");
        shown.put(ROUTE, "5");
        var first = cluster.find(ROUTE);
        // When
        var again = cluster.find(ROUTE);
        // Then
        assertThat(again).isEqualTo(first);
        assertThat(store.reads).isEqualTo(1);
    }

    @Test
    void whatTheWatchSawChangeIsReadAnew() {
        // Given
        store.put(ROUTE, "5");
        shown.put(ROUTE, "5");
        cluster.find(ROUTE);
        store.put(ROUTE, "6");
        shown.put(ROUTE, "6");
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNotNull();
        assertThat(found.resourceVersion()).isEqualTo("6");
    }

    @Test
    void whatNoWatchShowsIsReadAnew() {
        // Given
        store.put(ROUTE, "5");
        cluster.find(ROUTE);
        store.put(ROUTE, "6");
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNotNull();
        assertThat(found.resourceVersion()).isEqualTo("6");
    }

    @Test
    void whatWasWrittenNeedsNoReadOnceTheWatchShowsIt() {
        // Given
        store.put(ROUTE, "5");
        var written = cluster.replace(Objects.requireNonNull(store.find(ROUTE)));
        shown.put(ROUTE, written.resourceVersion());
        store.reads = 0;
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isEqualTo(written);
        assertThat(store.reads).isZero();
    }

    @Test
    void whatIsGoneIsNotGiven() {
        // Given
        store.put(ROUTE, "5");
        shown.put(ROUTE, "5");
        cluster.find(ROUTE);
        store.objects.clear();
        shown.clear();
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNull();
    }

    @Test
    void onlyTheObjectsUsedLastAreHeld() {
        // Given
        for (String name : List.of("a", "b", "c")) {
            var ref = Kind.SERVICE.named("test", name);
            store.put(ref, "1");
            shown.put(ref, "1");
            cluster.find(ref);
        }
        store.reads = 0;
        // When
        cluster.find(Kind.SERVICE.named("test", "c"));
        cluster.find(Kind.SERVICE.named("test", "b"));
        cluster.find(Kind.SERVICE.named("test", "a"));
        // Then
        assertThat(store.reads).isEqualTo(1);
    }

    /** Objects by name; each write is the next version. */
    private static final class Store implements Cluster {
        private final Map<Ref, ClusterObject> objects = new HashMap<>();
        private int reads;

        void put(Ref ref, String version) {
            objects.put(ref, at(ClusterObject.blank(ref), version));
        }

        private static ClusterObject at(ClusterObject object, String version) {
            var json = object.json().deepCopy();
            json.withObjectProperty("metadata").put("resourceVersion", version);
            return new ClusterObject(object.ref(), json);
        }

        @Override
        public @Nullable ClusterObject find(Ref ref) {
            reads++;
            return objects.get(ref);
        }

        @Override
        public List<ClusterObject> list(Kind kind, String namespace, Map<String, String> labels) {
            return List.of();
        }

        @Override
        public ClusterObject create(ClusterObject object) {
            return replace(object);
        }

        @Override
        public ClusterObject replace(ClusterObject object) {
            var written = at(object, object.resourceVersion() + "1");
            objects.put(object.ref(), written);
            return written;
        }

        @Override
        public void release(ClusterObject object) {
            objects.remove(object.ref());
        }

        @Override
        public void delete(Ref ref) {
            objects.remove(ref);
        }

        @Override
        public boolean isTerminating(String namespace) {
            return false;
        }

        @Override
        public @Nullable ClusterObject await(
                Ref ref, Predicate<ClusterObject> so, Duration patience) {
            return find(ref);
        }
    }
}
