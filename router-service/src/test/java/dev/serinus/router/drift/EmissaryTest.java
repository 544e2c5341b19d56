package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.mesh.Emissary;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** A Mapping of the user's, and the copy that shares its requests. */
class EmissaryTest {

    private static final Kind MAPPING = Emissary.MAPPING;
    private static final String COPY = "shop-podinfo-canary";

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("emissary-canary.yaml").withDrift();

    private final ClusterObject theirs = cluster.get(MAPPING, "shop");

    @BeforeEach
    void atThirtyPercent() {
        assertThat(cluster.initialize(1).getBecause()).isEmpty();
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        assertThat(served()).isEqualTo("podinfo:9898 0");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        assertThat(cluster.shift(4, 30).getCanaryWeight()).isEqualTo(30);
        assertThat(cluster.shift(4, 30).getWrites()).isZero();
        cluster.settle();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private String served() {
        if (!cluster.has(MAPPING, COPY)) {
            return "no copy";
        }
        var spec = cluster.get(MAPPING, COPY).at("/spec");
        return spec.path("service").asText() + " " + spec.path("weight").asText();
    }

    @Test
    void theUsersOwnIsNeverWritten() {
        assertThat(served()).isEqualTo("podinfo-canary:9898 30");
        assertThat(cluster.get(MAPPING, "shop")).isEqualTo(theirs);
    }

    @Test
    void aChangeOfTheUsersReachesTheCopyAtThePresentSplit() {
        // When
        cluster.edit(
                MAPPING,
                "shop",
                it ->
                        it.spec("prefix", JsonNodeFactory.instance.textNode("/new/"))
                                .spec(
                                        "service",
                                        JsonNodeFactory.instance.textNode(
                                                "http://podinfo.test:9898")));
        // Then
        await().untilAsserted(
                        () -> assertThat(served()).isEqualTo("http://podinfo-canary.test:9898 30"));
        assertThat(cluster.get(MAPPING, COPY).at("/spec/prefix").asText()).isEqualTo("/new/");
    }

    @Test
    void aShareThatSomebodyElseSetsIsPutBackAtOnceHoweverOften() {
        for (int i = 0; i < 6; i++) {
            // When
            cluster.edit(MAPPING, COPY, it -> it.spec().put("weight", 100));
            // Then
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(served()).isEqualTo("podinfo-canary:9898 30"));
        }
    }

    /** Alone the copy would have all requests. */
    @Test
    void withoutTheUsersAReleaseIsTakenBackAndDoesNotGoOn() {
        // Given
        cluster.objects().delete(cluster.ref(MAPPING, "shop"));
        await().until(() -> served().equals("podinfo:9898 0"));
        // When
        var more = cluster.shift(5, 60);
        var less = cluster.shift(6, 10);
        var back = cluster.shift(7, 0);
        // Then
        assertThat(more.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(more.getBecause()).contains("mappings.getambassador.io \"shop\" not found");
        assertThat(less.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(back.getCanaryWeight()).isZero();
        assertThat(served()).isIn("podinfo:9898 0", "no copy");
    }

    /** Nobody asked for a release of everything; it goes on when the Mapping is there again. */
    @ParameterizedTest
    @ValueSource(strings = {"gone", "elsewhere"})
    void aCopyThatIsAloneLeadsToThePrimaryMeanwhile(String theUsers) {
        // When
        if (theUsers.equals("gone")) {
            cluster.objects().delete(cluster.ref(MAPPING, "shop"));
        } else {
            cluster.edit(MAPPING, "shop", it -> it.spec().put("service", "other"));
        }
        // Then
        await().untilAsserted(() -> assertThat(served()).isEqualTo("podinfo:9898 0"));
        assertThat(cluster.get(MAPPING, COPY).at("/spec").has("cluster_tag")).isFalse();
        // And
        if (theUsers.equals("gone")) {
            cluster.create(PretendCluster.read("emissary-canary.yaml").split("---")[0]);
        } else {
            cluster.edit(MAPPING, "shop", it -> it.put("spec", theirs.at("/spec").deepCopy()));
        }
        await().untilAsserted(() -> assertThat(served()).isEqualTo("podinfo-canary:9898 30"));
    }

    /** Emissary drops all Mappings for the same requests that weigh more than 100 together. */
    @Test
    void theCopyThatIsAskedForNoMoreHasNoShareBesideTheNewOne() {
        // Given
        cluster.shift(5, 60);
        cluster.settle();
        cluster.create(
                PretendCluster.read("emissary-canary.yaml")
                        .split("---")[0]
                        .replace("name: shop,", "name: store,"));
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("routeRef")).put("name", "store"));
        await().until(() -> !cluster.has(MAPPING, COPY));
        // Then
        var both =
                cluster.written().stream()
                        .filter(it -> it.ref().kind().equals(MAPPING))
                        .filter(it -> it.object() != null)
                        .map(it -> it.ref().name() + " " + it.object().at("/spec/weight"))
                        .toList();
        assertThat(both).endsWith(COPY + " 0", "store-podinfo-canary 60");
    }

    @Test
    void aCopyThatTheCanaryAsksForNoMoreGoesOnceTheNewOneIsThere() {
        // Given
        cluster.create(
                PretendCluster.read("emissary-canary.yaml")
                        .split("---")[0]
                        .replace("name: shop,", "name: store,"));
        // When
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("routeRef")).put("name", "store"));
        // Then
        await().until(() -> !cluster.has(MAPPING, COPY));
        assertThat(cluster.get(MAPPING, "store-podinfo-canary").at("/spec/weight").asInt())
                .isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCopyGoesWithTheCanary(boolean isReverting) {
        // Given
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", isReverting));
        // When
        cluster.delete("podinfo");
        var done = cluster.ask(cluster.command(RouterAction.RESTORE, 9, cluster.canary()));
        // Then
        assertThat(done.getBecause()).isEmpty();
        assertThat(served()).isEqualTo("no copy");
        assertThat(cluster.get(MAPPING, "shop")).isEqualTo(theirs);
    }
}
