package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.SocketMessage;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Sends by another, and shows somebody each answer.
 *
 * @param noted is shown them, before they are read
 */
public record NotedHttp(ProviderHttp http, Consumer<Reply> noted) implements PassingHttp {

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        Reply reply = http.send(request);
        noted.accept(reply);
        return reply;
    }

    @Override
    public <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        return http.read(
                request,
                reply -> {
                    noted.accept(reply);
                    return reader.apply(reply);
                });
    }

    @Override
    public Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        Reply reply = http.converse(request, said, more);
        noted.accept(reply);
        return reply;
    }
}
