package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.route.RouterAtWork;
import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What warnings look at is read once for many Canaries, and never long ago. */
class UsersObjectsTest {

    private static final String OURS =
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: shop-primary
              namespace: shop
              ownerReferences:
              - {apiVersion: flagger.app/v1beta1, kind: Canary, name: shop, uid: u-1, controller: true}
            """;

    private final List<ClusterObject> there = new ArrayList<>();
    private int reads;
    private Instant now = Instant.EPOCH;
    private final UsersObjects users =
            new UsersObjects(
                    (kind, namespace) -> {
                        reads++;
                        return List.copyOf(there);
                    },
                    () -> now);

    @Test
    void aNamespaceIsReadOnceForManyCanaries() {
        // Given
        there.add(service("theirs"));
        // When
        IntStream.range(0, 1_000).forEach(_ -> users.of(Kind.SERVICE, "shop"));
        // Then
        assertThat(users.of(Kind.SERVICE, "shop")).containsExactlyElementsOf(there);
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void whatCameLaterIsSeenTenSecondsAfterTheLastRead() {
        // Given
        users.of(Kind.SERVICE, "shop");
        there.add(service("new"));
        now = now.plusSeconds(10);
        // When
        var found = users.of(Kind.SERVICE, "shop");
        // Then
        assertThat(found).hasSize(1);
    }

    @Test
    void aClockThatWasSetBackHidesNothing() {
        // Given
        users.of(Kind.SERVICE, "shop");
        there.add(service("new"));
        now = now.minusSeconds(3_600);
        // When
        var found = users.of(Kind.SERVICE, "shop");
        // Then
        assertThat(found).hasSize(1);
    }

    @Test
    void anotherNamespaceAndAnotherKindAreReadByThemselves() {
        // When
        users.of(Kind.SERVICE, "shop");
        users.of(Kind.SERVICE, "pay");
        users.of(Kind.DEPLOYMENT, "shop");
        // Then
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void whatWasMadeForACanaryIsNotAUsers() {
        // Given
        there.add(service("theirs"));
        there.add(
                new ClusterObject(
                        Kind.SERVICE.named("shop", "shop-primary"), RouterAtWork.read(OURS)));
        // When
        var found = users.of(Kind.SERVICE, "shop");
        // Then
        assertThat(found).extracting(it -> it.ref().name()).containsExactly("theirs");
    }

    @Test
    void manyObjectsAreNotKept() {
        // Given
        IntStream.range(0, 201).forEach(i -> there.add(service("s-" + i)));
        // When
        users.of(Kind.SERVICE, "shop");
        users.of(Kind.SERVICE, "shop");
        // Then
        assertThat(reads).isEqualTo(2);
    }

    private static ClusterObject service(String name) {
        return ClusterObject.blank(Kind.SERVICE.named("shop", name));
    }
}
