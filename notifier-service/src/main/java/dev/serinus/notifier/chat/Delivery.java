package dev.serinus.notifier.chat;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Posts messages, the same way for every chat service: 5 s for an attempt, as in Flagger, and three
 * more where another may end better. Every attempt carries the message's key, by which a receiver
 * knows a repeated one.
 */
public record Delivery(OutgoingClient client, Sleeper sleeper, Notifiers notifiers) {

    static final int RETRIES = 3;

    /** The header with the message's key. */
    static final String KEY = "Idempotency-Key";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 200;

    /**
     * Empty when the message was taken, else why not, without any secret.
     *
     * @param owner the canary that has something to tell
     */
    public Optional<String> deliver(CanaryKey owner, Message message, Destination destination)
            throws InterruptedException {
        Optional<Notifier> notifier = notifiers.of(destination.type());
        Optional<URI> written = Addresses.parse(destination.address());
        if (notifier.isEmpty()) {
            return Optional.of("there is no chat service of type " + destination.type());
        }
        if (written.isEmpty()) {
            return Optional.of("the address cannot be used");
        }
        URI address = notifier.get().address(written.get());
        var headers = new LinkedHashMap<>(notifier.get().headers(destination));
        headers.put(KEY, message.key());
        Call call;
        try {
            call =
                    Call.post(
                            address,
                            notifier.get().payload(message, destination).toString(),
                            headers,
                            TIMEOUT);
        } catch (IllegalArgumentException unusable) {
            return Optional.of("the token cannot be sent: it holds what HTTP forbids in a header");
        }
        Optional<Call> routed = routed(call, destination.proxy());
        if (routed.isEmpty()) {
            return Optional.of("the proxy cannot be used: it must be http://HOST:PORT");
        }
        var outcome = Retry.upTo(RETRIES, sleeper, () -> client.send(owner, routed.get()));
        return failure(outcome, notifier.get(), redaction(destination, address, notifier.get()));
    }

    private static Optional<Call> routed(Call call, @Nullable String proxy) {
        if (proxy == null || proxy.isBlank()) {
            return Optional.of(call);
        }
        return Addresses.parse(proxy)
                .filter(address -> "http".equalsIgnoreCase(address.getScheme()))
                .map(address -> call.through(Proxies.fixed(address)));
    }

    /** Of all that was sent, the message itself excepted. */
    private static Redaction redaction(Destination destination, URI address, Notifier notifier) {
        List<String> values = new ArrayList<>(List.of(destination.address()));
        values.addAll(notifier.headers(destination).values());
        if (destination.proxy() != null) {
            values.add(destination.proxy());
            Addresses.parse(destination.proxy())
                    .map(URI::getUserInfo)
                    .ifPresent(
                            user -> {
                                values.add(user);
                                values.addAll(List.of(user.split(":")));
                            });
        }
        return Redaction.of(address, values);
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
            case Reply.NoTurn noTurn -> Optional.of(noTurn.because());
        };
    }
}
