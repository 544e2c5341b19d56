package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.records.Outputs;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.events.ChatAlert;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** That what alerts say of the traffic is so, whatever was lost or came twice. */
final class ToldSituations {

    /** What was told, by place and by what is asked for. */
    final Set<String> met = new TreeSet<>();

    /**
     * Looks at one decision of a history.
     *
     * @param really what the route gave the canary when it was taken
     */
    void look(
            Rollout before, Transition decision, RolloutEvent event, Weight really, String where) {
        Spec spec = decision.state().spec();
        if (spec != null && !spec.routes()) {
            return; // whatever a route shows: the apex leads to the primary
        }
        facts(before, decision, event).stream()
                .map(AlertFacts::getSituation)
                .filter(Objects::nonNull)
                .forEach(told -> look(told, really, where));
    }

    private void look(AlertSituation told, Weight really, String where) {
        met.add(told.getTraffic() + ">" + told.getGoesTo() + ">" + told.getConfirmed());
        boolean isRead = told.getConfirmed() && !told.getTraffic().equals("unknown");
        if (isRead) {
            assertThat(told.getCanaryBasisPoints())
                    .as("told of the canary's share: " + where)
                    .isEqualTo(really.basisPoints());
        }
    }

    private static List<AlertFacts> facts(Rollout before, Transition decision, RolloutEvent event) {
        Rollout after = decision.state();
        return Outputs.records(after.uid(), before, after, event.at(), decision.effects()).stream()
                .filter(Alert.class::isInstance)
                .map(record -> ((Alert) record).getBody())
                .filter(ChatAlert.class::isInstance)
                .map(chat -> ((ChatAlert) chat).getFacts())
                .filter(Objects::nonNull)
                .toList();
    }
}
