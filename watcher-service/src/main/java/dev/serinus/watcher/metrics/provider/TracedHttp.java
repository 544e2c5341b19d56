package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.telemetry.TraceContext;

/**
 * Sends by another, and says with each request on behalf of which step of which rollout it is sent:
 * so that a provider's own spans lie in the trace of the rollout.
 */
public record TracedHttp(ProviderHttp http, TraceContext step) implements PassingHttp {

    /** It goes before one that a template's Secret gives, since that could be of one step only. */
    @Override
    public Request given(Request request) {
        return request.with(TraceContext.HEADER, step.header());
    }
}
