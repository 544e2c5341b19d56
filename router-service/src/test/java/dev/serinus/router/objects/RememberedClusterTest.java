package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.route.Copies;
import dev.serinus.schemas.canary.Canary;
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
import java.util.stream.Stream;

/** What is held is given only while a watch shows that very version. */
class RememberedClusterTest {

    private static final Ref ROUTE = Kind.SERVICE.named("test", "podinfo");

    private final Store store = new Store();
    private final Map<Ref, Sight> shown = new HashMap<>();

    /** Room for two small objects and not for three, of 100 bytes each. */
    private final RememberedCluster cluster = new RememberedCluster(store, 250, 2);

    RememberedClusterTest() {
        cluster.watchedBy(ref -> shown.getOrDefault(ref, new Sight.Unwatched()));
    }

    @Test
    void whatWasReadIsGivenAgainWhileTheWatchShowsItsVersion() {
        // Given
        store.put(ROUTE, "5");
        shown.put(ROUTE, new Sight.At("5"));
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
        shown.put(ROUTE, new Sight.At("5"));
        cluster.find(ROUTE);
        store.put(ROUTE, "6");
        shown.put(ROUTE, new Sight.At("6"));
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
        shown.put(ROUTE, new Sight.At(written.resourceVersion()));
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
        shown.put(ROUTE, new Sight.At("5"));
        cluster.find(ROUTE);
        store.objects.clear();
        shown.clear();
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNull();
    }

    @Test
    void whatTheServerSaidIsGoneDoesNotComeBackByAWatchThatIsBehind() {
        // Given
        watch("5", "five");
        store.objects.clear();
        cluster.refresh(ROUTE, Duration.ZERO);
        assertThat(cluster.find(ROUTE)).isNull();
        // When
        var again = cluster.find(ROUTE);
        // Then
        assertThat(again).isNull();
    }

    @Test
    void whatWasDeletedIsNotRememberedForEver() {
        // Given
        var deleted =
                Stream.of("a", "b", "c", "d").map(it -> Kind.SERVICE.named("test", it)).toList();
        // When
        for (var ref : deleted) {
            shown.put(ref, new Sight.Absent());
            cluster.delete(ref);
        }
        // Then
        assertThat(deleted).filteredOn(cluster::mayExist).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void onlyTheObjectsUsedLastAreHeld() {
        // Given
        for (String name : List.of("a", "b", "c")) {
            var ref = Kind.SERVICE.named("test", name);
            store.put(ref, "1");
            shown.put(ref, new Sight.At("1"));
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

    @Test
    void anObjectThatIsTooLargeIsNotHeldAndTheOthersStay() {
        // Given
        var large = Kind.SERVICE.named("test", "large".repeat(60));
        for (var ref : List.of(ROUTE, large)) {
            store.put(ref, "1");
            shown.put(ref, new Sight.At("1"));
            cluster.find(ref);
        }
        store.reads = 0;
        // When
        cluster.find(ROUTE);
        cluster.find(large);
        // Then
        assertThat(store.reads).isEqualTo(1);
    }

    @Test
    void whatTheWatchKeepsWholeIsGivenWithoutARead() {
        // Given
        watch("5", "five");
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("five");
        assertThat(store.reads).isZero();
    }

    @Test
    void ourOwnWriteIsGivenUntilTheWatchHasCaughtUpWithIt() {
        // Given
        watch("5", "five");
        cluster.replace(saying("5", "ours")); // at version 51
        // When
        var behind = cluster.find(ROUTE);
        watch("51", "ours");
        var caughtUp = cluster.find(ROUTE);
        watch("52", "somebody else's");
        var after = cluster.find(ROUTE);
        // Then
        assertThat(said(behind)).isEqualTo("ours");
        assertThat(said(caughtUp)).isEqualTo("ours");
        assertThat(said(after)).isEqualTo("somebody else's");
        assertThat(store.reads).isZero();
    }

    @Test
    void afterALostRaceTheServerIsAskedHoweverTheWatchIs() {
        // Given
        watch("5", "five");
        store.objects.put(ROUTE, saying("7", "seven"));
        store.races = true;
        assertThatThrownBy(() -> cluster.replace(saying("5", "ours"))).isInstanceOf(Conflict.class);
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("seven");
        assertThat(said(cluster.find(ROUTE))).isEqualTo("seven");
        assertThat(store.reads).isEqualTo(1);
    }

    @Test
    void versionsThatCannotBeComparedAreReadAnew() {
        // Given
        watch("opaque", "five");
        cluster.replace(saying("opaque", "ours"));
        store.objects.put(ROUTE, saying("other", "what is"));
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("what is");
    }

    @Test
    void whatAWatchOfAllDoesNotShowIsNotThere() {
        // Given
        shown.put(ROUTE, new Sight.Absent());
        store.put(ROUTE, "5");
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNull();
        assertThat(store.reads).isZero();
    }

    @Test
    void whatWasMadeHereIsThereBeforeTheWatchShowsIt() {
        // Given
        shown.put(ROUTE, new Sight.Absent());
        cluster.create(saying("", "ours"));
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("ours");
    }

    @Test
    void whatIsToBeFreshIsReadUnlessTheWatchWasToldLately() {
        // Given
        watch("5", "five");
        store.objects.put(ROUTE, saying("6", "six"));
        // When
        cluster.refresh(ROUTE, Duration.ofMinutes(1));
        var recent = cluster.find(ROUTE);
        cluster.refresh(ROUTE, Duration.ofSeconds(1));
        var fresh = cluster.find(ROUTE);
        // Then
        assertThat(said(recent)).isEqualTo("five");
        assertThat(said(fresh)).isEqualTo("six");
    }

    @Test
    void whatWasDeletedHereIsLookedForBeforeTheWatchShowsIt() {
        // Given
        watch("5", "five");
        cluster.delete(ROUTE);
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(found).isNull();
    }

    @Test
    void aDoubtThatComesUpWhileTheServerAnswersOutlastsItsAnswer() {
        // Given
        watch("5", "five");
        cluster.refresh(ROUTE, Duration.ZERO);
        store.put(ROUTE, "6");
        store.whileAnswering =
                () -> {
                    // What is on its way is from before this.
                    store.objects.put(ROUTE, saying("7", "seven"));
                    cluster.refresh(ROUTE, Duration.ZERO);
                };
        cluster.find(ROUTE);
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("seven");
    }

    @Test
    void aDoubtThatComesUpWhileTheServerSaysThatNothingIsThereOutlastsItToo() {
        // Given
        shown.put(ROUTE, new Sight.Absent());
        cluster.refresh(ROUTE, Duration.ZERO);
        store.whileAnswering =
                () -> {
                    store.objects.put(ROUTE, saying("7", "seven"));
                    cluster.refresh(ROUTE, Duration.ZERO);
                };
        cluster.find(ROUTE);
        // When
        var found = cluster.find(ROUTE);
        // Then
        assertThat(said(found)).isEqualTo("seven");
    }

    @Test
    void whatWasRefusedAsThereAlreadyMayExist() {
        // Given
        store.races = true;
        boolean before = cluster.mayExist(ROUTE);
        assertThatThrownBy(() -> cluster.create(saying("", "ours"))).isInstanceOf(Conflict.class);
        // When
        boolean after = cluster.mayExist(ROUTE);
        // Then
        assertThat(before).isFalse();
        assertThat(after).isTrue();
    }

    @Test
    void ofWhatWasMadeHereOnlyTheCanarysOwnIsLookedAt() {
        // Given
        var cluster = new RememberedCluster(store, 10_000);
        cluster.watchedBy(
                new RememberedCluster.Watched() {
                    @Override
                    public Sight sight(Ref ref) {
                        return new Sight.Absent();
                    }

                    @Override
                    public Optional<List<Ref>> made(Canary canary, Kind kind) {
                        return Optional.of(List.of());
                    }
                });
        var canary = Copies.canary("", "{port: 80}", "iterations: 5");
        cluster.create(
                ClusterObject.blank(Kind.SERVICE.named("test", "podinfo-canary"))
                        .edited(it -> it.ownedBy(canary)));
        cluster.create(
                ClusterObject.blank(Kind.SERVICE.named("test", "other-canary"))
                        .edited(
                                it ->
                                        it.metadata()
                                                .withArrayProperty("ownerReferences")
                                                .addObject()
                                                .put("kind", "Canary")
                                                .put("name", "other")
                                                .put("controller", true)));
        // When
        var made = cluster.madeFor(canary, Kind.SERVICE);
        // Then
        assertThat(made).containsExactly(Kind.SERVICE.named("test", "podinfo-canary"));
    }

    private void watch(String version, String says) {
        shown.put(ROUTE, new Sight.Whole(saying(version, says), Duration.ofSeconds(30)));
    }

    private static ClusterObject saying(String version, String says) {
        return Store.at(
                ClusterObject.blank(ROUTE).edited(it -> it.annotate("says", says)), version);
    }

    private static @Nullable String said(@Nullable ClusterObject object) {
        return object == null ? null : object.annotation("says");
    }

    /** Objects by name; each write is the next version. */
    private static final class Store implements Cluster {
        private final Map<Ref, ClusterObject> objects = new HashMap<>();
        private int reads;
        private boolean races;
        private Runnable whileAnswering = () -> {};

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
            var answer = objects.get(ref);
            var doing = whileAnswering;
            whileAnswering = () -> {};
            doing.run();
            return answer;
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
            if (races) {
                throw new Conflict(object.ref());
            }
            var written = at(object, object.resourceVersion() + "1");
            objects.put(object.ref(), written);
            return written;
        }

        @Override
        public void put(ClusterObject part) {
            throw new UnsupportedOperationException();
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
