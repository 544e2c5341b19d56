package dev.serinus.analysis.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.journal.Kept;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.topic.CanaryKey;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

class RolloutJsonTest {

    @Property(tries = 300)
    void whatIsKeptIsReadBackAsItWas(@ForAll long seed) {
        Kept kept = new Samples(seed, true).of(Kept.class);

        assertThat(RolloutJson.read(RolloutJson.write(kept), Kept.class)).isEqualTo(kept);
    }

    @Property(tries = 100)
    void oneValueHasOneText(@ForAll long seed) {
        byte[] once = RolloutJson.write(new Samples(seed, true).of(Kept.class));
        byte[] again = RolloutJson.write(new Samples(seed, true).of(Kept.class));

        assertThat(again).isEqualTo(once);
    }

    @Test
    void aFieldOfAnotherReleaseIsSkippedAndOneItDidNotKnowIsEmpty() {
        String json =
                """
                {"canary":{"cluster":"west","namespace":"test","name":"podinfo"},"uid":"u",
                 "phase":"SUCCEEDED","run":{"number":3,"revision":"a","novelty":[1]},
                 "traffic":{},"baseline":{},"await":{"stage":"RESTING","waitingFor":""},
                 "counters":{"step":7},"lastTold":"","novelty":{"of":"tomorrow"}}
                """;

        Rollout rollout = RolloutJson.read(json.getBytes(UTF_8), Rollout.class);

        assertThat(rollout.canary()).isEqualTo(new CanaryKey("west", "test", "podinfo"));
        assertThat(rollout.problems()).isEmpty();
        assertThat(rollout.run().stops()).isEmpty();
        assertThat(rollout.run().configs()).isNull();
        assertThat(rollout.counters().step()).isEqualTo(7);
    }

    @Test
    void aStoreThatIsNotOursStopsAndSaysSo() {
        assertThatThrownBy(() -> RolloutJson.read("[]".getBytes(UTF_8), Rollout.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Rollout");
    }
}
