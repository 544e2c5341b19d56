package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.telemetry.TraceContext;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Sends by another, and says with each request on behalf of which step of which rollout it is sent:
 * so that a provider's own spans lie in the trace of the rollout.
 */
public record TracedHttp(ProviderHttp http, TraceContext step) implements PassingHttp {

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        return http.send(traced(request));
    }

    @Override
    public <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        return http.read(traced(request), reader);
    }

    @Override
    public Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        return http.converse(traced(request), said, more);
    }

    /** It goes before one that a template's Secret gives, since that could be of one step only. */
    private Request traced(Request request) {
        Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
        headers.keySet().removeIf(TraceContext.HEADER::equalsIgnoreCase);
        headers.put(TraceContext.HEADER, List.of(step.header()));
        return request.with(headers);
    }
}
