package dev.serinus.schemas.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

@EnableKubernetesMockClient(crud = true, https = false)
class ResourceWatchTest {

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private ResourceWatch<String> watch;
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watch() {
        watch =
                ResourceWatch.of(client, ResourceWatch.CANARIES, null, ResourceWatchTest::provider)
                        .onChange(
                                (before, after) ->
                                        told.add(
                                                (before == null ? "-" : before.value())
                                                        + ">"
                                                        + (after == null ? "-" : after.value())));
    }

    @AfterEach
    void end() {
        watch.close();
        client.genericKubernetesResources(ResourceWatch.CANARIES).inAnyNamespace().delete();
    }

    @Test
    void keepsWhatWasAskedForAndFollowsChangesInOrder() {
        apply("one", "istio");
        watch.start();
        await().until(() -> watch.get("test", "one").isPresent());
        apply("one", "linkerd");
        await().until(() -> watch.get("test", "one").orElseThrow().generation() == 2);
        client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .withName("one")
                .delete();
        await().until(() -> watch.get("test", "one").isEmpty());

        assertThat(told).containsExactly("->istio", "istio>linkerd", "linkerd>-");
    }

    @Test
    void waitsForAGenerationItHasNotSeenAndTakesANewerOne() throws Exception {
        String uid = apply("one", "istio");
        watch.start();
        await().until(watch::hasSynced);

        var answer = new CompletableFuture<Observed<String>>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        watch.awaitGeneration("test", "one", uid, 2, Duration.ofSeconds(20))
                                .ifPresentOrElse(
                                        answer::complete,
                                        () -> answer.completeExceptionally(new TimeoutException()));
                    } catch (InterruptedException stop) {
                        answer.completeExceptionally(stop);
                    }
                });
        apply("one", "linkerd");

        assertThat(answer.get().generation()).isEqualTo(2);
        assertThat(answer.get().value()).isEqualTo("linkerd");
        assertThat(watch.awaitGeneration("test", "one", uid, 1, Duration.ZERO)).isPresent();
    }

    @Test
    void givesUpOnAGenerationThatDoesNotComeAndOnAnotherUid() throws Exception {
        String uid = apply("one", "istio");
        watch.start();
        await().until(() -> watch.get("test", "one").isPresent());

        assertThat(watch.awaitGeneration("test", "one", uid, 2, Duration.ofMillis(5))).isEmpty();
        assertThat(watch.awaitGeneration("test", "one", "other", 1, Duration.ofMillis(5)))
                .isEmpty();
        assertThat(watch.awaitGeneration("test", "one", uid, 1, Duration.ZERO)).isPresent();
    }

    /** It was kept by the number of changes, not of what went. */
    @Test
    void whatIsThereTakesNoPlaceOfWhatIsGone() {
        watch.keepingGone(String::toUpperCase, _ -> GoneObjects.MOST_BYTES).start();
        String uid = apply("one", "istio");
        await().until(() -> watch.get("test", "one").isPresent());
        client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .withName("one")
                .delete();
        await().until(() -> watch.get("test", "one").isEmpty());

        apply("two", "istio");
        apply("two", "linkerd");
        await().until(() -> watch.get("test", "two").isPresent());
        await().until(() -> watch.get("test", "two").orElseThrow().generation() == 2);

        assertThat(watch.gone(uid)).map(Observed::value).contains("ISTIO");
    }

    @Test
    @Timeout(60)
    void isNotWaitedForOnceItIsGone() throws Exception {
        // Given
        String uid = apply("one", "istio");
        watch.start();
        await().until(() -> watch.get("test", "one").isPresent());
        client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace("test")
                .withName("one")
                .delete();
        await().until(() -> watch.get("test", "one").isEmpty());
        // Then
        assertThat(watch.insistOnGeneration("test", "one", uid, 1, Duration.ofDays(1))).isEmpty();
    }

    @Test
    @Timeout(60)
    void isWaitedForOnceWhereItWasGoneBefore() throws Exception {
        // Given
        watch.start();
        await().until(watch::isCurrent);
        assertThat(watch.insistOnGeneration("test", "one", "former", 1, Duration.ofMillis(5)))
                .isEmpty();
        // Then
        assertThat(watch.insistOnGeneration("test", "one", "former", 1, Duration.ofDays(1)))
                .isEmpty();
    }

    @Test
    void anObjectItCannotReadHarmsOnlyItself() {
        apply("bad", "broken");
        apply("good", "istio");
        watch.start();

        await().until(() -> watch.get("test", "good").isPresent());
        assertThat(watch.get("test", "bad")).isEmpty();

        apply("bad", "istio");
        await().until(() -> watch.get("test", "bad").isPresent());
    }

    private static String provider(GenericKubernetesResource canary) {
        String provider = canary.get("spec", "provider");
        if (provider.equals("broken")) {
            throw new IllegalStateException("the author made a mistake");
        }
        return provider;
    }

    private static String apply(String name, String provider) {
        var canary = new GenericKubernetesResource();
        canary.setApiVersion("flagger.app/v1beta1");
        canary.setKind("Canary");
        canary.setMetadata(new ObjectMetaBuilder().withNamespace("test").withName(name).build());
        canary.setAdditionalProperty("spec", Map.of("provider", provider));
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .resource(canary)
                .createOr(existing -> existing.update())
                .getMetadata()
                .getUid();
    }
}
