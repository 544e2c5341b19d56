package dev.serinus.analysis.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.records.RolloutJson;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Objects;

/** What is written down of a decision. */
class DecisionTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private static ObjectNode released() {
        var tree =
                RolloutJson.tree(
                        StoredFormat.write(
                                StoredRollout.nothing(new CanaryKey("east", "shop", "cart"))));
        tree.withObject("/rollout/baseline/released").put("release", "v1");
        return tree;
    }

    private static Decision on(ObjectNode tree) {
        return Decision.on(StoredFormat.read(RolloutJson.write(tree)), new TimerFired(1L, AT), AT);
    }

    /** What the release before wrote down comes out alike. */
    @Test
    void sinceWhenAPromotionIsKnownIsKeptAndNoPartOfTheFingerprint() {
        var noted = released();
        noted.withObject("/rollout/baseline/released").put("known", AT.toString());

        var before = on(released());
        var now = on(noted);

        assertThat(now.entry().getDecision()).isEqualTo(before.entry().getDecision());
        var released = now.after().rollout().revisions().released();
        assertThat(Objects.requireNonNull(released).known()).isEqualTo(AT);
    }

    @Test
    void whatWasPromotedIsAPartOfIt() {
        var other = released();
        other.withObject("/rollout/baseline/released").put("release", "v2");

        assertThat(on(other).entry().getDecision())
                .isNotEqualTo(on(released()).entry().getDecision());
    }
}
