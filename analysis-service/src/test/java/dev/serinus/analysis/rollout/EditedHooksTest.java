package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.schemas.hook.HookType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The manifest is edited while one of its hooks is called. */
class EditedHooksTest {

    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void theNoOfAHookThatIsNotThereAnyMoreIsNoFailedCheck() {
        var cluster = asking("load", HookType.ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.edit(with("smoke", HookType.ROLLOUT));
        cluster.run(MOMENT);
        cluster.inject(at -> answer(at, asked, false, "load", false));
        cluster.run(MOMENT);

        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.calls).last().extracting(Effect.CallHook::name).isEqualTo("smoke");
        assertThat(cluster.run(LONG).rollout.phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void theYesOfAGateThatWasThereDoesNotOpenTheOneThatIsThereNow() {
        var cluster = asking("anybody", HookType.CONFIRM_ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.edit(with("board", HookType.CONFIRM_ROLLOUT));
        cluster.hooks = (_, _) -> false;
        cluster.run(MOMENT);
        cluster.inject(at -> answer(at, asked, true, "anybody", false));
        cluster.run(LONG);

        assertThat(cluster.targetReplicas).isZero();
        assertThat(cluster.rollout.waitingFor()).startsWith("approval by board");
    }

    /** One that says no name is of a service of before. */
    @Test
    void anAnswerWithoutANameIsOfTheHookAtItsPlace() {
        var cluster = asking("anybody", HookType.CONFIRM_ROLLOUT);
        var asked = cluster.calls.getLast();

        cluster.inject(at -> answer(at, asked, true, null, false));
        cluster.run(MOMENT);

        assertThat(cluster.targetReplicas).isPositive();
    }

    @Test
    void aClusterThatKnowsOfTheEditFirstFailsNoCheckAndIsAskedAgain() {
        var cluster = asking("load", HookType.ROLLOUT);
        var asked = cluster.calls.getLast();
        int calls = cluster.calls.size();

        cluster.inject(at -> answer(at, asked, false, "load", true));
        cluster.run(MOMENT.dividedBy(2));
        assertThat(cluster.calls).as("not asked again at once").hasSize(calls);
        cluster.edit(with("smoke", HookType.ROLLOUT));
        cluster.run(LONG);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("CheckFailed")).isEmpty();
        assertThat(cluster.told).noneMatch(it -> it.contains("manifest changed"));
    }

    /** An edit that the watcher refuses, say, never becomes known. */
    @Test
    void anEditThatNeverBecomesKnownIsToldAfterTheDeadline() {
        var cluster = asking("load", HookType.ROLLOUT);
        cluster.spec = with("smoke", HookType.ROLLOUT);
        cluster.silent = Set.of();

        cluster.run(Duration.ofMinutes(30));

        assertThat(cluster.rollout.traffic().failedChecks()).isZero();
        assertThat(cluster.rollout.phase()).isEqualTo(Phase.PROGRESSING);
        assertThat(cluster.chats)
                .filteredOn(it -> it.message().contains("the manifest changed"))
                .hasSize(1);
    }

    /** A release at the moment in which this hook was called and has not answered. */
    private static SimulatedCluster asking(String name, HookType type) {
        var cluster = SimulatedCluster.initialized(with(name, type));
        cluster.silent = Set.of(name);
        cluster.image("b");
        for (int i = 0; i < 120 && cluster.calls.isEmpty(); i++) {
            cluster.run(MOMENT);
        }
        assertThat(cluster.calls).isNotEmpty();
        return cluster;
    }

    private static Spec with(String name, HookType type) {
        return Specs.withHooks(
                Specs.edited(Specs.linear(), false, 1), List.of(Specs.hook(name, type)));
    }

    private static HookAnswered answer(
            Instant at,
            Effect.CallHook asked,
            boolean passed,
            @Nullable String name,
            boolean changed) {
        return new HookAnswered(at, asked.step(), asked.hook(), passed, "no", null, name, changed);
    }
}
