package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What providers send on behalf of one canary goes through the guarded client.
 *
 * @param longestAnswer bytes that an answer may have
 */
record GuardedHttp(OutgoingClient client, CanaryKey owner, int longestAnswer)
        implements ProviderHttp {

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        return read(request, reply -> reply);
    }

    @Override
    public <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        Outcome<T> outcome = client.send(owner, call(request), reply -> outcome(reply, reader));
        return switch (outcome) {
            case Outcome.Read<T>(var value) -> value;
            case Outcome.None<T>(var because) -> throw new NoReply(because);
        };
    }

    @Override
    public Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        Outcome<Reply> outcome =
                outcome(client.converse(owner, call(request), said, more), reply -> reply);
        return switch (outcome) {
            case Outcome.Read<Reply>(var reply) -> reply;
            case Outcome.None<Reply>(var because) -> throw new NoReply(because);
        };
    }

    private sealed interface Outcome<T> {
        record Read<T>(T value) implements Outcome<T> {}

        record None<T>(String because) implements Outcome<T> {}
    }

    private static <T> Outcome<T> outcome(
            dev.serinus.schemas.outgoing.Reply reply, Function<Reply, T> reader) {
        return switch (reply) {
            case dev.serinus.schemas.outgoing.Reply.Answered answered ->
                    new Outcome.Read<>(
                            reader.apply(
                                    new Reply(
                                            answered.status(),
                                            answered.body(),
                                            answered.contentType(),
                                            answered.retryAfter())));
            case dev.serinus.schemas.outgoing.Reply.Unanswered none ->
                    new Outcome.None<>(none.because());
            case dev.serinus.schemas.outgoing.Reply.NoTurn none ->
                    new Outcome.None<>(none.because());
        };
    }

    private Call call(Request request) {
        return new Call(
                request.method(),
                request.uri(),
                request.headers(),
                request.body(),
                request.limit(),
                Call.Reading.whole(longestAnswer),
                null,
                !request.verifyTls());
    }
}
