package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Requests wait for their turn where the API server could not be late. */
class RequestLimitTest {

    private static final Ref SERVICE = Kind.SERVICE.named("test", "podinfo");
    private static final Ref DEPLOYMENT = Kind.DEPLOYMENT.named("test", "podinfo");

    @Test
    void whoFindsItFullIsRefusedAndComesThroughWhenAnotherHasLeft() throws Exception {
        // Given
        var limit = new RequestLimit(1, Duration.ofMillis(1));
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first =
                    threads.submit(
                            () ->
                                    limit.pass(
                                            SERVICE,
                                            () -> {
                                                inside.countDown();
                                                await(leave);
                                                return "first";
                                            }));
            inside.await();
            // When
            assertThatThrownBy(() -> limit.pass(SERVICE, () -> "second"))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refused -> assertThat(refused.outcome()).isEqualTo(RouterOutcome.RETRY))
                    .hasMessageContaining("waits for its turn");
            leave.countDown();
            // Then
            assertThat(first.get()).isEqualTo("first");
            assertThat(limit.pass(SERVICE, () -> "second")).isEqualTo("second");
        }
    }

    @Test
    void aRequestThatFailsLeavesItToo() {
        var limit = new RequestLimit(1, Duration.ofMillis(1));
        assertThatThrownBy(
                        () ->
                                limit.pass(
                                        SERVICE,
                                        () -> {
                                            throw new Conflict(SERVICE);
                                        }))
                .isInstanceOf(Conflict.class);

        assertThat(limit.pass(SERVICE, () -> "next")).isEqualTo("next");
    }

    @Test
    void newServicesWaitBehindEachOtherOnly() {
        var nobody =
                new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:1")
                        .withRequestRetryBackoffLimit(0)
                        .build();
        try (var client = new KubernetesClientBuilder().withConfig(nobody).build()) {
            var cluster =
                    new KubernetesCluster(
                            client,
                            new RequestLimit(0, Duration.ofMillis(1)),
                            new RequestLimit(1, Duration.ofMillis(1)));

            assertThatThrownBy(() -> cluster.create(ClusterObject.blank(SERVICE)))
                    .hasMessageContaining("waits for its turn");
            assertThatThrownBy(() -> cluster.create(ClusterObject.blank(DEPLOYMENT)))
                    .hasMessageContaining("the API server does not answer");
        }
    }

    @Test
    void everyRequestWaitsForItsTurn() {
        try (var client = new KubernetesClientBuilder().build()) {
            var cluster =
                    new KubernetesCluster(
                            client,
                            new RequestLimit(1, Duration.ofMillis(1)),
                            new RequestLimit(0, Duration.ofMillis(1)));

            assertThatThrownBy(() -> cluster.find(DEPLOYMENT))
                    .hasMessageContaining("waits for its turn");
            assertThatThrownBy(() -> cluster.create(ClusterObject.blank(DEPLOYMENT)))
                    .hasMessageContaining("waits for its turn");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
