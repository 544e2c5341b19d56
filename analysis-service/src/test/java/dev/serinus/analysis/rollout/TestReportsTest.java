package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.TestReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What webhooks say of their tests is in the history, and decides nothing. */
class TestReportsTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final TestReport OF_HEY =
            new TestReport(0, 10_000L, "hey", 4.2, 11.0, 15.5, 600L, 3L, false);

    @ParameterizedTest
    @EnumSource(names = {"ROLLOUT", "PRE_ROLLOUT"})
    void ofATestThatPassedTheHistoryHasTheNumbersWithTheStep(HookType type) {
        var cluster = released(type, true);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("TestReported"))
                .isNotEmpty()
                .allSatisfy(
                        told -> {
                            assertThat(told.message())
                                    .isEqualTo(
                                            "Webhook load: hey made 600 requests, 3 of them failed;"
                                                + " p50 4.2 ms, p95 11 ms, p99 15.5 ms; exit status"
                                                + " 0 after 10.0 s");
                            assertThat(told.evidence())
                                    .containsExactly(
                                            Evidence.of(
                                                    "load", Verdict.PASS, OF_HEY.words(), OF_HEY));
                            assertThat(told.evidence().getFirst().value())
                                    .as("messages tell what has a value, with its bound")
                                    .isNull();
                        });
        assertThat(cluster.happened("TestReported"))
                .hasSameSizeAs(
                        cluster.calls.stream().map(Effect.CallHook::step).distinct().toList());
    }

    @Test
    void ofATestThatFailedTheFailedCheckHasThem() {
        var cluster = released(HookType.ROLLOUT, false);

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster.happened("TestReported")).isEmpty();
        assertThat(cluster.last("CheckFailed").evidence())
                .isEqualTo(List.of(Evidence.of("load", Verdict.FAIL, "no", OF_HEY)))
                .allSatisfy(failed -> assertThat(failed.value()).isNull());
    }

    @Test
    void aWebhookThatSaysNothingIsNoNews() {
        var cluster = released(HookType.ROLLOUT, true, Optional.empty());

        assertThat(cluster.rollout.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(cluster.happened("TestReported")).isEmpty();
    }

    private static SimulatedCluster released(HookType type, boolean passes) {
        return released(type, passes, Optional.of(OF_HEY));
    }

    private static SimulatedCluster released(
            HookType type, boolean passes, Optional<TestReport> report) {
        var cluster = new SimulatedCluster(Specs.linear(Specs.hook("load", type)));
        cluster.hooks = (_, _) -> passes;
        cluster.reports = _ -> report;
        cluster.create();
        cluster.run(LONG);
        cluster.calls.clear();
        cluster.history.clear();
        cluster.image("b");
        return cluster.run(LONG);
    }
}
