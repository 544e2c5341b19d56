package dev.serinus.router.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class UnkeptDistributionsTest {

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final UnkeptDistributions unkept = new UnkeptDistributions(() -> now);
    private final ClusterObject without =
            ClusterObject.blank(Kind.SERVICE.named("shop", "podinfo"));
    private final ClusterObject with =
            without.edited(
                    edit ->
                            edit.spec(
                                    UnkeptDistributions.FIELD,
                                    JsonNodeFactory.instance.textNode("PreferClose")));

    @Test
    void itIsAskedForAgainAfterAWhileAndSaidUntilItIsKept() {
        unkept.wrote(with, without);
        assertThat(unkept.isLeft(with.ref())).isTrue();

        now = now.plus(Duration.ofHours(1));
        assertThat(unkept.isLeft(with.ref())).isFalse();
        assertThat(unkept.isUnkept(with.ref())).isTrue();

        unkept.wrote(with, with);
        assertThat(unkept.isUnkept(with.ref())).isFalse();
    }

    @Test
    void ofOthersItSaysNothing() {
        unkept.wrote(with, without);

        assertThat(unkept.isLeft(Kind.SERVICE.named("bank", "podinfo"))).isFalse();
        assertThat(unkept.isUnkept(Kind.SERVICE.named("bank", "podinfo"))).isFalse();
    }
}
