package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.route.InMemoryRouter;
import dev.serinus.router.route.Routers;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Objects;

/** All that the commands do around a router: a mesh is a file, and a line where it is listed. */
class MeshOfItsOwnTest {

    /** Where the mesh keeps its routes. */
    enum Routes {
        OF_NAMESPACES(InMemoryRouter.ofNamespaces()),
        OF_THE_CLUSTER(InMemoryRouter.ofTheCluster());

        @SuppressWarnings("ImmutableEnumChecker") // a router holds no state
        private final InMemoryRouter router;

        Routes(InMemoryRouter router) {
            this.router = router;
        }
    }

    private static final String ENTRY =
            """
            apiVersion: mesh.test/v1
            kind: Entry
            metadata: {name: podinfo, namespace: test}
            spec: {host: shop.example.com}
            """;

    private PretendCluster cluster = start(Routes.OF_NAMESPACES);

    private static PretendCluster start(Routes routes) {
        var named = Installation.named("lab");
        return new PretendCluster(named, new Routers("in-memory", List.of(routes.router)))
                .apply("workload.yaml")
                .apply("plain-canary.yaml");
    }

    @BeforeEach
    void entry() {
        cluster.create(ENTRY);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void takenOver() {
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
    }

    @Test
    void whatThePrimarysPodsWaitForIsThereBeforeThey() {
        // Given
        boolean[] wasThere = new boolean[1];
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT),
                () -> wasThere[0] = cluster.has(InMemoryRouter.NODE, "podinfo-primary"));
        // When
        cluster.initialize(1);
        // Then
        assertThat(wasThere[0]).isTrue();
        assertThat(cluster.has(InMemoryRouter.ROUTE, "podinfo")).isFalse();
    }

    @Test
    void whatThePrimarysPodsWaitForComesBackBeforeALostPrimary() {
        // Given
        takenOver();
        boolean[] wasThere = new boolean[1];
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT),
                () -> wasThere[0] = cluster.has(InMemoryRouter.NODE, "podinfo-primary"));
        cluster.objects().delete(cluster.ref(InMemoryRouter.NODE, "podinfo-primary"));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        // When
        try (var drift = cluster.anotherDrift()) {
            cluster.reach("Succeeded");
            drift.start();
            await().until(() -> cluster.has(Kind.DEPLOYMENT, "podinfo-primary"));
        }
        // Then
        assertThat(wasThere[0]).isTrue();
    }

    @Test
    void whatThePrimarysPodsWaitForIsThereBeforeAPromotionMakesThem() {
        // Given
        takenOver();
        cluster.scale(3, true);
        cluster.serve("podinfo");
        boolean[] wasThere = new boolean[1];
        cluster.objects().delete(cluster.ref(InMemoryRouter.NODE, "podinfo-primary"));
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo-primary"));
        cluster.interfere(
                ref -> ref.kind().equals(Kind.DEPLOYMENT),
                () -> wasThere[0] = cluster.has(InMemoryRouter.NODE, "podinfo-primary"));
        // When
        var promoted = cluster.promote(4);
        // Then
        assertThat(promoted.getBecause()).isEmpty();
        assertThat(wasThere[0]).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Routes.class)
    void aReleaseGoesItsWayAndLeavesNothingOfItsOwn(Routes routes) {
        // Given
        cluster.close();
        cluster = start(routes).create(ENTRY);
        takenOver();
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        // When, Then
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        assertThat(cluster.shift(4, 30).getWrites()).isZero();
        assertThat(cluster.promote(5).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.serve("podinfo-primary");
        assertThat(cluster.shift(6, 0).getCanaryWeight()).isZero();
        assertThat(cluster.scale(7, false).getOutcome()).isEqualTo(RouterOutcome.DONE);
        var canary = cluster.canary();
        var _ =
                cluster.client()
                        .genericKubernetesResources(Kind.CANARY.context())
                        .inNamespace("test")
                        .withName("podinfo")
                        .delete();
        await().until(
                        () ->
                                cluster.canaries()
                                        .get("test", "podinfo")
                                        .filter(
                                                it ->
                                                        it.latest()
                                                                        .getMetadata()
                                                                        .getDeletionTimestamp()
                                                                != null)
                                        .isPresent());
        assertThat(cluster.ask(cluster.command(RouterAction.RESTORE, 8, canary)).getOutcome())
                .isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(InMemoryRouter.NODE, "podinfo-primary")).isFalse();
        assertThat(cluster.get(InMemoryRouter.ENTRY, "podinfo").annotations()).isEmpty();
    }

    @Test
    void aChangeOfWhatTheUserOwnsReachesTheRouteWithoutAStep() {
        // Given
        takenOver();
        cluster.withDrift();
        cluster.settle();
        // When
        cluster.edit(
                InMemoryRouter.ENTRY,
                "podinfo",
                it -> it.spec("host", JsonNodeFactory.instance.textNode("new.example.com")));
        // Then
        await().untilAsserted(() -> assertThat(host()).isEqualTo("new.example.com"));
        // And back, which is as it was when the router began to watch
        cluster.edit(
                InMemoryRouter.ENTRY,
                "podinfo",
                it -> it.spec("host", JsonNodeFactory.instance.textNode("shop.example.com")));
        await().untilAsserted(() -> assertThat(host()).isEqualTo("shop.example.com"));
    }

    private String host() {
        return cluster.get(InMemoryRouter.ROUTE, "podinfo").at("/spec/host").asText();
    }

    @Test
    void anObjectOfTheClusterIsSeenByItsWatch() {
        // Given
        cluster.close();
        cluster = start(Routes.OF_THE_CLUSTER).create(ENTRY);
        takenOver();
        // When
        cluster.withDrift();
        // Then
        cluster.settle();
        assertThat(cluster.has(InMemoryRouter.CLUSTER_ROUTE, "podinfo")).isTrue();
    }

    @Test
    void anObjectOfTheClusterThatAnotherNamespacesCanaryHasIsLeftToIt() {
        // Given
        cluster.close();
        cluster = start(Routes.OF_THE_CLUSTER).create(ENTRY);
        cluster.initialize(1);
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.create(
                """
                apiVersion: mesh.test/v1
                kind: ClusterRoute
                metadata: {name: podinfo, annotations: {serinus.dev/canary: podinfo.elsewhere uid-9}}
                spec: {host: elsewhere.example.com}
                """);
        // When
        var refused = cluster.takeOver(2);
        // Then
        assertThat(refused.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(Objects.requireNonNull(refused.getBecause()))
                .contains("belongs to Canary podinfo.elsewhere");
    }
}
