package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.HookSpec;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.ReturnsWithin;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.SpecRules;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

/** What a Canary says of its runs beyond Flagger: failures that are held, gates with a time-out. */
class RunRulesTest {

    private static final String GATE =
            "{name: ask, type: confirm-promotion, url: 'http://gates.test/', %s}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    onFailure: wait                     | .onFailure   | must be one of hold, rollback
                    holdTimeout: 2h                     | .holdTimeout | nothing is ever held for people
                    onFailure: hold, holdTimeout: soon  | .holdTimeout | no longer than 720h, was soon
                    onFailure: hold, holdTimeout: 0s    | .holdTimeout | must be a time above 0
                    onFailure: hold, holdTimeout: 721h  | .holdTimeout | no longer than 720h
                    rollbackWindow: {}                  | .rollbackWindow | give revisions, within, or both
                    rollbackWindow: {revisions: 0}      | .rollbackWindow.revisions | must be 1 to 20, was 0
                    rollbackWindow: {revisions: 21}     | .rollbackWindow.revisions | must be 1 to 20, was 21
                    rollbackWindow: {within: 1d}        | .rollbackWindow.within | must be a time above 0
                    planChanges: soon                   | .planChanges | must be one of nextRun, now
                    """)
    void refusesWhatIsNoWayToHold(String analysis, String path, String message) {
        var problems = problems(analysis, "");

        assertThat(problems).extracting(Problem::getPath).containsExactly("spec.analysis" + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gateTimeout: 1h, onGateTimeout: open | .onGateTimeout | must be one of fail, hold, proceed
                    onGateTimeout: fail                  | .onGateTimeout | give gateTimeout as well
                    gateTimeout: never                   | .gateTimeout   | must be a time above 0 such as 30m or 2h
                    gateTimeout: 721h                    | .gateTimeout   | no longer than 720h
                    """)
    void refusesAGateThatCannotRunOut(String gate, String path, String message) {
        var problems = problems("threshold: 3", GATE.formatted(gate));

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactly("spec.analysis.webhooks[0]" + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({"rollout", "pre-rollout", "post-rollout", "rollback", "event"})
    void refusesATimeOutOfWhatIsNoGate(String type) {
        var problems =
                problems(
                        "threshold: 3",
                        "{name: load, type: %s, url: 'http://load.test/', gateTimeout: 1h}"
                                .formatted(type));

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactly("spec.analysis.webhooks[0].gateTimeout");
        assertThat(problems.getFirst().getMessage())
                .contains("the time limit of a call is timeout");
    }

    @Test
    void refusesTwoOfOneNameThatHaveOneTimeBetweenThem() {
        String gate = "{name: ask, type: %s, url: 'http://gate.test/'%s}";
        var limited = gate.formatted("confirm-promotion", ", gateTimeout: 1h");

        var problems =
                problems("threshold: 3", limited + ", " + gate.formatted("confirm-promotion", ""));

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactly("spec.analysis.webhooks[0].name");
        assertThat(problems.getFirst().getMessage())
                .contains("must differ from those of all other webhooks of type confirm-promotion");
        assertThat(problems("threshold: 3", limited + ", " + gate.formatted("confirm-rollout", "")))
                .isEmpty();
    }

    @Test
    void refusesAllMistakesAtOnce() {
        assertThat(
                        problems(
                                "onFailure: wait, holdTimeout: soon",
                                GATE.formatted("gateTimeout: x, onGateTimeout: y")))
                .extracting(Problem::getPath)
                .containsExactly(
                        "spec.analysis.onFailure",
                        "spec.analysis.holdTimeout",
                        "spec.analysis.holdTimeout",
                        "spec.analysis.webhooks[0].onGateTimeout",
                        "spec.analysis.webhooks[0].gateTimeout");
    }

    @Test
    void admitsThemWithTheirDefaults() {
        assertThat(spec("threshold: 3", "").getRules()).isNull();
        assertThat(spec("onFailure: rollback", "").getRules()).isNull();
        assertThat(spec("onFailure: hold", "").getRules())
                .isEqualTo(
                        new SpecRules(
                                true,
                                Duration.ofHours(24).toMillis(),
                                null,
                                false,
                                List.of(),
                                false,
                                List.of(),
                                null,
                                false));
        assertThat(spec("onFailure: hold, holdTimeout: 90m", "").getRules())
                .isEqualTo(
                        new SpecRules(
                                true,
                                Duration.ofMinutes(90).toMillis(),
                                null,
                                false,
                                List.of(),
                                false,
                                List.of(),
                                null,
                                false));
        assertThat(
                        spec(
                                        "holdTimeout: 1h",
                                        GATE.formatted("gateTimeout: 2h, onGateTimeout: hold"))
                                .getRules())
                .isEqualTo(
                        new SpecRules(
                                false,
                                Duration.ofHours(1).toMillis(),
                                null,
                                false,
                                List.of(),
                                false,
                                List.of(),
                                null,
                                false));
    }

    @Test
    void admitsReturnsAndShorterPlans() {
        assertThat(spec("rollbackWindow: {revisions: 3, within: 24h}", "").getRules())
                .extracting(SpecRules::getReturns)
                .isEqualTo(new ReturnsWithin(3, Duration.ofHours(24).toMillis()));
        assertThat(spec("planChanges: now", "").getRules())
                .extracting(SpecRules::getShortensPlans)
                .isEqualTo(true);
        assertThat(spec("planChanges: nextRun", "").getRules()).isNull();
    }

    @Test
    void admitsACanaryOfTheSizeOfItsShare() {
        assertThat(spec("canaryReplicas: proportional", "").getRules())
                .extracting(SpecRules::getProportional)
                .isEqualTo(true);
        assertThat(spec("canaryReplicas: full", "").getRules()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gateTimeout: 30m                         | 1800000 | FAIL
                    gateTimeout: 2h, onGateTimeout: ''       | 7200000 | FAIL
                    gateTimeout: 2h, onGateTimeout: fail     | 7200000 | FAIL
                    gateTimeout: 2h, onGateTimeout: proceed  | 7200000 | PROCEED
                    gateTimeout: 2h, onGateTimeout: hold     | 7200000 | HOLD
                    """)
    void admitsAGateThatRunsOut(String gate, long millis, OnGateTimeout then) {
        assertThat(spec("threshold: 3", GATE.formatted(gate)).getWebhooks())
                .extracting(HookSpec::getLimit)
                .containsExactly(new GateTimeout(millis, then));
    }

    @Test
    void aGateOfFlaggersIsWaitedForAsLongAsItTakes() {
        assertThat(spec("threshold: 3", GATE.formatted("timeout: 5s")).getWebhooks())
                .extracting(HookSpec::getLimit)
                .containsOnlyNulls();
    }

    private static Admission admission(String analysis, String hooks) {
        var changes = "analysis: {%s, webhooks: [%s]}".formatted(analysis, hooks);
        return Admissions.admit(
                CanaryReader.read(Manifests.canary(changes)).resource(),
                Installation.named("eu-1"));
    }

    private static List<Problem> problems(String analysis, String hooks) {
        return admission(analysis, hooks) instanceof Admission.Refused(var problems)
                ? problems
                : List.of();
    }

    private static RolloutSpec spec(String analysis, String hooks) {
        var admission = admission(analysis, hooks);
        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission).spec();
    }
}
