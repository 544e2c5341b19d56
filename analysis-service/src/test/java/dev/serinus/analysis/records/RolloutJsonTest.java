package dev.serinus.analysis.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.analysis.rollout.Rollout;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

class RolloutJsonTest {

    @Property(tries = 300)
    void whatIsKeptIsReadBackAsItWas(@ForAll long seed) {
        StoredRollout kept = new Samples(seed, true).of(StoredRollout.class);

        assertThat(RolloutJson.read(RolloutJson.write(kept), StoredRollout.class)).isEqualTo(kept);
    }

    @Property(tries = 100)
    void oneValueHasOneText(@ForAll long seed) {
        byte[] once = RolloutJson.write(new Samples(seed, true).of(StoredRollout.class));
        byte[] again = RolloutJson.write(new Samples(seed, true).of(StoredRollout.class));

        assertThat(again).isEqualTo(once);
    }

    @Test
    void aFieldOfAnotherReleaseIsSkippedAndOneItDidNotKnowIsEmpty() {
        var tree = RolloutJson.tree(new Samples(1, false).of(Rollout.class));
        tree.put("novelty", "of tomorrow");
        tree.withObjectProperty("manifest").remove("problems");

        Rollout rollout = RolloutJson.read(tree, Rollout.class);

        assertThat(rollout.problems()).isEmpty();
        assertThat(rollout.run()).isEqualTo(new Samples(1, false).of(Rollout.class).run());
    }

    @Test
    void aStoreThatIsNotOursStopsAndSaysSo() {
        assertThatThrownBy(() -> RolloutJson.read("[]".getBytes(UTF_8), Rollout.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Rollout");
    }
}
