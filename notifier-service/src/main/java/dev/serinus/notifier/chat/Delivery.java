package dev.serinus.notifier.chat;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Post;
import dev.serinus.schemas.outgoing.Poster;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.Sleeper;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Posts messages, the same way for every chat service: 5 s for an attempt, as in Flagger, and three
 * more where another may end better. Each proxy has connections of its own.
 */
public final class Delivery implements AutoCloseable {

    static final int RETRIES = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 200;

    private final Sleeper sleeper;
    private final Poster direct;
    private final Function<URI, Poster> through;
    private final Map<String, Poster> proxied = new ConcurrentHashMap<>();

    public Delivery(AddressGuard guard, Proxies environment, int mostAtOnce, Sleeper sleeper) {
        this(
                Poster.verifying(guard, environment, mostAtOnce),
                proxy -> Poster.verifying(guard, Proxies.fixed(proxy), mostAtOnce),
                sleeper);
    }

    /**
     * Posts through what it is given, and closes it.
     *
     * @param through makes what posts through a proxy
     */
    public Delivery(Poster direct, Function<URI, Poster> through, Sleeper sleeper) {
        this.direct = direct;
        this.through = through;
        this.sleeper = sleeper;
    }

    /** Empty when the message was taken, else why not, without any secret. */
    public Optional<String> deliver(Message message, Destination destination)
            throws InterruptedException {
        Optional<Notifier> notifier = Notifiers.of(destination.type());
        Optional<URI> written = Addresses.parse(destination.address());
        Optional<Poster> poster = poster(destination);
        if (notifier.isEmpty()) {
            return Optional.of("there is no chat service of type " + destination.type());
        }
        if (written.isEmpty()) {
            return Optional.of("the address cannot be used");
        }
        if (poster.isEmpty()) {
            return Optional.of("the proxy cannot be used: it must be http://HOST:PORT");
        }
        URI address = notifier.get().address(written.get());
        var post =
                new Post(
                        address,
                        notifier.get().payload(message, destination).toString(),
                        notifier.get().headers(destination),
                        TIMEOUT);
        var outcome = Retry.upTo(RETRIES, sleeper, () -> poster.get().post(post));
        return failure(outcome, notifier.get(), redaction(destination, address));
    }

    private static Redaction redaction(Destination destination, URI address) {
        String token = destination.token();
        return Redaction.of(
                address,
                token == null
                        ? List.of(destination.address())
                        : List.of(destination.address(), token));
    }

    private static Optional<String> failure(
            Retry.Outcome outcome, Notifier notifier, Redaction redaction) {
        String after = " after " + outcome.attempts() + " attempt(s)";
        return switch (outcome.last()) {
            case Reply.Answered answered when answered.succeeded() ->
                    notifier.complaint(answered.body())
                            .map(complaint -> notifier.type() + " refused it: " + complaint);
            case Reply.Answered answered ->
                    Optional.of(
                            "status "
                                    + answered.status()
                                    + after
                                    + ": "
                                    + redaction.of(answered.body(), LONGEST_REASON));
            case Reply.Unanswered unanswered -> Optional.of(unanswered.because() + after);
        };
    }

    private Optional<Poster> poster(Destination destination) {
        String proxy = destination.proxy();
        if (proxy == null || proxy.isBlank()) {
            return Optional.of(direct);
        }
        return Addresses.parse(proxy)
                .filter(address -> "http".equalsIgnoreCase(address.getScheme()))
                .map(address -> proxied.computeIfAbsent(proxy, _ -> through.apply(address)));
    }

    @Override
    public void close() {
        direct.close();
        proxied.values().forEach(Poster::close);
    }
}
