package dev.serinus.watcher.metrics;

import dev.serinus.watcher.metrics.provider.ProviderHttp;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/** What providers send goes through the guarded client, credentials only as headers. */
final class GuardedHttp implements ProviderHttp {

    private final Http http;

    GuardedHttp(Http http) {
        this.http = http;
    }

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        String body = request.body();
        var message =
                HttpRequest.newBuilder(request.uri())
                        .method(
                                request.method(),
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        request.headers()
                .forEach((name, values) -> values.forEach(value -> message.header(name, value)));
        try {
            var reply = http.get(message.build(), request.verifyTls(), request.limit());
            return new Reply(reply.status(), reply.body());
        } catch (Http.NoReply none) {
            throw new NoReply(String.valueOf(none.getMessage()));
        }
    }
}
