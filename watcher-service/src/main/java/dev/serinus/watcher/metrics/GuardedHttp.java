package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What providers send on behalf of one canary goes through the guarded client, when the server has
 * a turn for it, and not to a server that asked to be left alone.
 *
 * @param backends gives the turns
 * @param pauses what servers asked for; null where that does not count
 * @param longestAnswer bytes that an answer may have
 */
record GuardedHttp(
        OutgoingClient client,
        Backends backends,
        @Nullable BackendPauses pauses,
        CanaryKey owner,
        int longestAnswer)
        implements ProviderHttp {

    /** Bytes of what a cloud hands out as credentials. */
    private static final int LONGEST_CREDENTIALS = 64 * 1024;

    /** One for each cloud would do, since those who want the same wait for one of them. */
    private static final CallLimits OWN =
            new CallLimits(16, 16, 16, 1 << 20, 1 << 20, Duration.ofSeconds(5));

    /**
     * What the installation asks in its own name: with turns and pauses that it shares with no
     * canary.
     */
    static GuardedHttp ofTheInstallation(
            OutgoingClient client,
            String cluster,
            BackendLimits limits,
            InstantSource clock,
            Sleeper sleeper,
            MeterRegistry meters) {
        return new GuardedHttp(
                client.ofTheInstallation(OWN),
                new Backends(limits, clock, sleeper, meters),
                new BackendPauses(clock),
                new CanaryKey(cluster, "installation", "identity"),
                LONGEST_CREDENTIALS);
    }

    @Override
    public String namespace() {
        return owner.namespace();
    }

    @Override
    public String canary() {
        return owner.name();
    }

    @Override
    public Reply send(Request request) throws NoReply, InterruptedException {
        return read(request, reply -> reply);
    }

    @Override
    public <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        refuseWhilePaused(request);
        return held(held -> asked(request, () -> value(request, held.send(call(request)), reader)));
    }

    @Override
    public Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        refuseWhilePaused(request);
        return held(
                held ->
                        asked(
                                request,
                                () ->
                                        value(
                                                request,
                                                held.converse(call(request), said, more),
                                                reply -> reply)));
    }

    @Override
    public <T> T inTurn(Work<T> work) throws NoReply, InterruptedException {
        return held(held -> work.within(longestAnswer, held::room));
    }

    /**
     * Has a turn at the server. Whoever waits for it has one at the client already: one that is
     * taken at the server is always used at once, so that nobody who waits elsewhere fills it.
     */
    private <T> T asked(Request request, Backends.Turn<T> turn)
            throws NoReply, InterruptedException {
        return backends.inTurn(
                owner,
                request.uri(),
                request.limit(),
                () -> {
                    refuseWhilePaused(request);
                    return turn.take();
                });
    }

    private interface Held<T> {
        T with(OutgoingClient.InTurn held) throws NoReply, InterruptedException;
    }

    private <T> T held(Held<T> work) throws NoReply, InterruptedException {
        Optional<Outcome<T>> outcome =
                client.inTurn(
                        owner,
                        held -> {
                            try {
                                return new Outcome.Read<>(work.with(held));
                            } catch (NoReply none) {
                                return new Outcome.None<>(String.valueOf(none.getMessage()));
                            }
                        });
        return switch (outcome.orElseGet(() -> new Outcome.None<>(crowded()))) {
            case Outcome.Read<T>(var value) -> value;
            case Outcome.None<T>(var because) -> throw new NoReply(because);
        };
    }

    private String crowded() {
        return "too many calls of namespace " + owner.namespace() + " are under way";
    }

    private void refuseWhilePaused(Request request) throws NoReply {
        if (pauses == null) {
            return;
        }
        var left = pauses.left(owner.namespace(), request);
        if (left.isPresent()) {
            throw new NoReply(
                    "the server asked to be left alone for another %ds"
                            .formatted(left.get().toSeconds() + 1));
        }
    }

    private sealed interface Outcome<T> {
        record Read<T>(T value) implements Outcome<T> {}

        record None<T>(String because) implements Outcome<T> {}
    }

    private <T> T value(
            Request request, dev.serinus.schemas.outgoing.Reply reply, Function<Reply, T> reader)
            throws NoReply {
        return switch (reply) {
            case dev.serinus.schemas.outgoing.Reply.Answered answered -> {
                var read =
                        new Reply(
                                answered.status(),
                                answered.body(),
                                answered.contentType(),
                                answered.retryAfter());
                if (pauses != null) {
                    pauses.answered(owner.namespace(), request, read);
                }
                yield reader.apply(read);
            }
            case dev.serinus.schemas.outgoing.Reply.Unanswered none ->
                    throw new NoReply(none.because());
            case dev.serinus.schemas.outgoing.Reply.NoTurn none ->
                    throw new NoReply(none.because());
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
                !request.verifyTls(),
                request.tls());
    }
}
