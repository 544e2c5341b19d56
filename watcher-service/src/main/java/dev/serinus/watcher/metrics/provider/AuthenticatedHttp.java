package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.SocketMessage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Sends what a provider sends as whoever its template says, so that no provider needs to know of
 * that.
 */
record AuthenticatedHttp(ProviderHttp http, Authentication auth) implements PassingHttp {

    private static final String AUTHORIZATION = "Authorization";

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        return http.send(authenticated(request));
    }

    @Override
    public <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        return http.read(authenticated(request), reader);
    }

    @Override
    public Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        return http.converse(authenticated(request), said, more);
    }

    private Request authenticated(Request request) {
        String bearer = auth.bearer();
        var proved = auth.tls() == null ? request : request.by(auth.tls());
        if (bearer == null) {
            return proved;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
        headers.keySet().removeIf(AUTHORIZATION::equalsIgnoreCase);
        headers.put(AUTHORIZATION, List.of("Bearer " + bearer));
        return proved.with(headers);
    }
}
