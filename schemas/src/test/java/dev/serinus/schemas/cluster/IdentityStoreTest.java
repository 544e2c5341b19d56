package dev.serinus.schemas.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import org.junit.jupiter.api.Test;

/** How long ago what is remembered of an object is known to have been so. */
class IdentityStoreTest {

    private final IdentityStore store = new IdentityStore(_ -> {}, _ -> {});

    private void put(String name, String version) {
        var object = new GenericKubernetesResource();
        object.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace("shop")
                        .withName(name)
                        .withResourceVersion(version)
                        .build());
        store.put(store.getKey(object), object);
    }

    private static void later(long than) {
        while (System.nanoTime() <= than) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isKnownAnewWithEachChangeThatComesOfAnyObject() {
        put("cart", "1");
        long first = store.current("shop/cart", "1").orElseThrow();
        later(first);
        put("checkout", "2");

        long second = store.current("shop/cart", "1").orElseThrow();
        assertThat(second).isGreaterThan(first);

        later(second);
        store.remove("shop/checkout");
        assertThat(store.current("shop/cart", "1").orElseThrow()).isGreaterThan(second);
    }

    @Test
    void isNotKnownOfAVersionThatWasFollowedByAnother() {
        put("cart", "1");
        put("cart", "2");

        assertThat(store.current("shop/cart", "1")).isEmpty();
        assertThat(store.current("shop/cart", "2")).isPresent();
        assertThat(store.current("shop/checkout", "1")).isEmpty();
    }
}
