package dev.serinus.bench.load;

import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookResult;

/** What an edge service tells analysis. */
sealed interface EdgeFact {

    record Changed(Change value) implements EdgeFact {}

    record Measured(MetricResult value) implements EdgeFact {}

    record Called(WebhookResult value) implements EdgeFact {}

    record Routed(RouterResult value) implements EdgeFact {}

    default LastNeededFact cause() {
        return switch (this) {
            case Changed _ -> LastNeededFact.CHANGE;
            case Measured _ -> LastNeededFact.METRIC_RESULT;
            case Called _ -> LastNeededFact.WEBHOOK_RESULT;
            case Routed _ -> LastNeededFact.ROUTER_RESULT;
        };
    }
}
