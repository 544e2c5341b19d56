package dev.serinus.bench.load;

import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookResult;

/** What an edge service tells analysis. */
sealed interface Fact {

    record Changed(Change value) implements Fact {}

    record Measured(MetricResult value) implements Fact {}

    record Called(WebhookResult value) implements Fact {}

    record Routed(RouterResult value) implements Fact {}

    default Cause cause() {
        return switch (this) {
            case Changed _ -> Cause.CHANGE;
            case Measured _ -> Cause.METRIC_RESULT;
            case Called _ -> Cause.WEBHOOK_RESULT;
            case Routed _ -> Cause.ROUTER_RESULT;
        };
    }
}
