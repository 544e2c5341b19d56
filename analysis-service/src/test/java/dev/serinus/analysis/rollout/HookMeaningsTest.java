package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/**
 * Every type there is, also one that somebody adds tomorrow, is called where its meaning says, and
 * its answer decides what its meaning says.
 */
class HookMeaningsTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @ParameterizedTest
    @EnumSource
    void allHooksOfATypeAreCalledInOrderAndTheReleaseSucceeds(HookType type) {
        var cluster = released(type, !(type.meaning() instanceof Meaning.DemandsRollback));

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.calls)
                .extracting(Effect.CallHook::name)
                .containsSubsequence("one", "two");
        assertThat(cluster.calls).extracting(Effect.CallHook::type).containsOnly(type);
    }

    @ParameterizedTest
    @EnumSource
    void theOtherAnswerDecidesWhatTheTypeMeans(HookType type) {
        var cluster = released(type, type.meaning() instanceof Meaning.DemandsRollback);

        Phase expected =
                switch (type.meaning()) {
                    case Meaning.Check _, Meaning.BeforeTraffic _, Meaning.DemandsRollback _ ->
                            Phase.FAILED;
                    case Meaning.Confirms(var point) ->
                            switch (point) {
                                case START -> Phase.WAITING;
                                case ADVANCE -> Phase.PROGRESSING;
                                case PROMOTE -> Phase.WAITING_PROMOTION;
                            };
                    case Meaning.AfterTheEnd _, Meaning.IsTold _ -> Phase.SUCCEEDED;
                };
        assertThat(cluster.rollout.phase()).isEqualTo(expected);
    }

    private static SimulatedCluster released(HookType type, boolean passes) {
        var spec = Specs.linear(Specs.hook("one", type), Specs.hook("two", type));
        var cluster = new SimulatedCluster(spec);
        cluster.hooks = (_, _) -> passes;
        cluster.create();
        cluster.run(LONG);
        cluster.calls.clear();
        cluster.image("b");
        return cluster.run(LONG);
    }
}
