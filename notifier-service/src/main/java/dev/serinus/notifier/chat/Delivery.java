package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.MailServer;
import dev.serinus.notifier.mail.Mailer;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Sends messages, the same way for every service that is reached in the same way: 5 s for a call,
 * as in Flagger. Every attempt carries the message's key, by which a receiver knows a repeated one.
 */
public record Delivery(
        OutgoingClient client, InstantSource clock, Notifiers notifiers, Mailer mailer) {

    /** The header with the message's key. */
    static final String KEY = "Idempotency-Key";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 200;

    /** Mail servers' certificates are verified against the JVM's trust store. */
    public Delivery(OutgoingClient client, InstantSource clock, Notifiers notifiers) {
        this(client, clock, notifiers, new Mailer());
    }

    /** What came of one attempt. */
    public sealed interface Result {

        /** The receiver has it. */
        record Taken() implements Result {}

        /** Nothing was sent: the service is told nothing of this. */
        record NotTold() implements Result {}

        /**
         * The receiver does not have it.
         *
         * @param because without any secret
         * @param again true where another attempt may end better
         * @param after how long it asked to be left alone; null where it did not
         */
        record Missed(String because, boolean again, @Nullable Duration after) implements Result {}
    }

    /** True where trouble stays open at a service of this kind. */
    public boolean opensIncidents(Destination destination) {
        return notifiers.of(destination.type()).filter(Notifier::opensIncidents).isPresent();
    }

    /** True where a status stays at the commit of a run until another one replaces it. */
    public boolean leavesStatuses(Destination destination) {
        return notifiers.of(destination.type()).filter(Notifier::leavesStatuses).isPresent();
    }

    /** True for a service of a kind that Flagger tells too. */
    public boolean isFlaggers(Destination destination) {
        return notifiers.of(destination.type()).filter(Notifier::isFlaggers).isPresent();
    }

    /** True where messages to a service of this kind need to know what is released. */
    public boolean asksForTheRelease(Destination destination) {
        return destination.options().messageTemplate() != null
                || notifiers.of(destination.type()).filter(Notifier::asksForTheRelease).isPresent();
    }

    /** True where a message to a service of this kind says what it missed before. */
    public boolean saysWhatWasMissed(Destination destination) {
        return notifiers.of(destination.type()).filter(Notifier::saysWhatWasMissed).isPresent();
    }

    /** How a service of this kind has a text that is to be read as it is. */
    public UnaryOperator<String> escaping(Destination destination) {
        return notifiers
                .of(destination.type())
                .<UnaryOperator<String>>map(notifier -> notifier::escaped)
                .orElse(UnaryOperator.identity());
    }

    /** True where a service of this kind is told of this. */
    public boolean tells(Message message, Destination destination) {
        return notifiers.of(destination.type()).filter(it -> !it.tells(message)).isEmpty();
    }

    /**
     * Makes one attempt.
     *
     * @param owner the canary that has something to tell
     */
    public Result attempt(CanaryKey owner, Message message, Destination destination)
            throws InterruptedException {
        Optional<Notifier> known = notifiers.of(destination.type());
        if (known.isEmpty()) {
            return never("there is no service of type " + destination.type());
        }
        return switch (known.get()) {
            case WebNotifier web -> call(owner, message, destination, web);
            case MailNotifier mail -> mail(owner, message, destination, mail);
        };
    }

    /** The same JSON, with the escapes that Go writes: recordings are compared as texts. */
    private static String asFlaggerWrites(String json) {
        // Outside of texts JSON has none of these.
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private Result call(
            CanaryKey owner, Message message, Destination destination, WebNotifier notifier)
            throws InterruptedException {
        Optional<URI> written = Addresses.parse(destination.address());
        if (written.isEmpty()) {
            return never("the address cannot be used");
        }
        List<String> problems = notifier.problems(destination);
        if (!problems.isEmpty()) {
            return never(String.join("; ", problems));
        }
        URI address = notifier.address(written.get(), message);
        String json = notifier.payload(message, destination).toString();
        String body = notifier.isFlaggers() ? asFlaggerWrites(json) : json;
        var headers = new LinkedHashMap<>(notifier.headers(destination));
        headers.put(KEY, message.key());
        headers.putAll(notifier.signature(destination, message, body, clock.instant()));
        Call call;
        try {
            call = Call.post(address, body, headers, TIMEOUT).using(notifier.method(destination));
        } catch (IllegalArgumentException unusable) {
            return never("the token cannot be sent: it holds what HTTP forbids in a header");
        }
        Optional<Call> routed = routed(call, destination.proxy());
        if (routed.isEmpty()) {
            return never("the proxy cannot be used: it must be http://HOST:PORT");
        }
        return result(
                client.send(owner, routed.get()),
                notifier,
                redaction(destination, address, notifier));
    }

    private Result mail(
            CanaryKey owner, Message message, Destination destination, MailNotifier notifier)
            throws InterruptedException {
        List<String> problems = notifier.problems(destination);
        Optional<MailServer> server = MailServer.parse(destination.address());
        if (!problems.isEmpty() || server.isEmpty()) {
            return never(
                    problems.isEmpty()
                            ? "the address cannot be used"
                            : String.join("; ", problems));
        }
        var mail = notifier.mail(message, destination);
        return switch (mailer.send(client, owner, server.get(), mail, clock.instant())) {
            case Mailer.Outcome.Accepted _ -> new Result.Taken();
            case Mailer.Outcome.Unencrypted _ -> never("the mail server does not offer STARTTLS");
            case Mailer.Outcome.Unusable(String because) -> never(because);
            case Mailer.Outcome.Refused(int status, String words) ->
                    new Result.Missed(
                            "status %d: %s"
                                    .formatted(
                                            status,
                                            redaction(destination).of(words, LONGEST_REASON)),
                            status < 500,
                            null);
            case Mailer.Outcome.Broken(Reply reply) ->
                    switch (reply) {
                        case Reply.Unanswered(String because, boolean again) ->
                                new Result.Missed(because, again, null);
                        case Reply.NoTurn(var because) -> new Result.Missed(because, true, null);
                        case Reply.Answered _ ->
                                throw new IllegalStateException("mail has no answers of HTTP");
                    };
        };
    }

    /** Of a mail's address and login. */
    private static Redaction redaction(Destination destination) {
        var envelope = destination.options().envelope();
        return Redaction.of(
                URI.create(destination.address().strip()),
                Stream.of(destination.token(), envelope.user(), envelope.password())
                        .flatMap(Stream::ofNullable)
                        .toList());
    }

    private static Result never(String because) {
        return new Result.Missed(because, false, null);
    }

    private static Optional<Call> routed(Call call, @Nullable String proxy) {
        if (proxy == null || proxy.isBlank()) {
            return Optional.of(call);
        }
        return proxy(proxy).map(address -> call.through(Proxies.fixed(address)));
    }

    /** Where a proxy is; empty for what cannot be used as one. */
    static Optional<URI> proxy(String address) {
        return Addresses.parse(address)
                .filter(parsed -> "http".equalsIgnoreCase(parsed.getScheme()));
    }

    /** Of all that was sent, the message itself excepted. */
    private static Redaction redaction(Destination destination, URI address, WebNotifier notifier) {
        List<String> values = new ArrayList<>(List.of(destination.address()));
        Stream.of(destination.token(), destination.options().signingKey())
                .flatMap(Stream::ofNullable)
                .forEach(values::add);
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

    private static Result result(Reply reply, WebNotifier notifier, Redaction redaction) {
        return switch (reply) {
            case Reply.Answered answered when answered.succeeded() ->
                    notifier.complaint(answered.body())
                            .<Result>map(
                                    complaint ->
                                            new Result.Missed(
                                                    notifier.type() + " refused it: " + complaint,
                                                    notifier.mayTakeItLater(complaint),
                                                    answered.retryAfter()))
                            .orElseGet(Result.Taken::new);
            case Reply.Answered answered
                    when notifier.isSoAlready(answered.status(), answered.body()) ->
                    new Result.Taken();
            case Reply.Answered answered ->
                    new Result.Missed(
                            "status %d: %s"
                                    .formatted(
                                            answered.status(),
                                            redaction.of(answered.body(), LONGEST_REASON)),
                            answered.worthRepeating(),
                            answered.retryAfter());
            case Reply.Unanswered unanswered ->
                    new Result.Missed(unanswered.because(), unanswered.worthRepeating(), null);
            case Reply.NoTurn(var because) -> new Result.Missed(because, true, null);
        };
    }
}
