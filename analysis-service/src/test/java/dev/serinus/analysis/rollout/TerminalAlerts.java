package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.records.Outputs;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.ChatAlert;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * That people are told of the end of each run, once: also where the machine is started again, a
 * canary is handed over, and people act in between.
 */
final class TerminalAlerts {

    private static final Set<String> ENDS = Set.of("succeeded", "withdrawn", "failed");

    private final Map<String, Integer> told = new HashMap<>();

    /** Looks at one decision of a history. */
    void look(Rollout before, RolloutEvent event, Transition decision, String where) {
        Rollout after = decision.state();
        // A run that is rolled back may yet be withdrawn by its author, which ends it anew.
        decision.effects().stream()
                .filter(it -> it instanceof Effect.Happened h && h.type().equals("Withdrawing"))
                .forEach(_ -> told.remove(run(after, after.run().number())));
        Outputs.records(after.uid(), before, after, event.at(), decision.effects()).stream()
                .flatMap(record -> record instanceof Alert alert ? facts(alert).stream() : null)
                .filter(facts -> ENDS.contains(facts.getStatus()) && facts.getRun() > 0)
                .filter(facts -> !isOfInitialization(before, facts))
                .forEach(
                        facts ->
                                assertThat(told.merge(run(after, facts.getRun()), 1, Integer::sum))
                                        .as("alerts of an end: " + where)
                                        .isEqualTo(1));
        boolean ends =
                after.stage().part() == Part.REST
                        && before.stage().part() != Part.REST
                        && !isMetAnew(before, event)
                        && after.uid().equals(before.uid())
                        && after.run().number() > 0
                        && (after.phase() == Phase.SUCCEEDED || after.phase() == Phase.FAILED);
        if (ends) {
            assertThat(told)
                    .as("the end is told: " + where)
                    .containsEntry(run(after, after.run().number()), 1);
        }
    }

    private static boolean isOfInitialization(Rollout before, AlertFacts facts) {
        return before.phase() == Phase.INITIALIZING && facts.getStatus().equals("failed");
    }

    /** What became of it before is told by whoever had it. */
    private static boolean isMetAnew(Rollout before, RolloutEvent event) {
        return before.stage().question() instanceof Question.Adopt
                || (event instanceof RolloutEvent.CanarySeen seen
                        && Boolean.FALSE.equals(seen.claimed()));
    }

    private static String run(Rollout r, long number) {
        return r.uid() + "/" + number;
    }

    private static Optional<AlertFacts> facts(Alert alert) {
        return alert.getBody() instanceof ChatAlert chat
                ? Optional.ofNullable(chat.getFacts())
                : Optional.empty();
    }
}
