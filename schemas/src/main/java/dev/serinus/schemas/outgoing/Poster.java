package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes single attempts of outgoing calls through one pool of connections. Redirects are followed
 * on the same host only, ten at most; an attempt has one time limit over all of it. Callers block,
 * so let them be virtual threads; no more than {@code mostAtOnce} calls are under way together.
 */
public final class Poster implements AutoCloseable {

    /** How much of an answer is read. */
    private static final int LONGEST_BODY = 16 * 1024;

    private static final int MOST_REDIRECTS = 10;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(15);

    private final HttpClient client;
    private final AddressGuard guard;
    private final Proxies proxies;
    private final Semaphore free;

    /** Verifies certificates against the JVM's trust store. */
    public static Poster verifying(AddressGuard guard, Proxies proxies, int mostAtOnce) {
        return new Poster(HttpClient.newBuilder(), guard, proxies, mostAtOnce);
    }

    /**
     * Takes any certificate: what {@code disableTLS: true} of a webhook asks for. Flagger's goes
     * past the environment's proxies, and so does this one.
     */
    public static Poster trusting(AddressGuard guard, int mostAtOnce) {
        return new Poster(
                HttpClient.newBuilder().sslContext(AnyCertificate.context()),
                guard,
                Proxies.none(),
                mostAtOnce);
    }

    /** Calls through a client that somebody else made, such as one without a network. */
    public static Poster through(HttpClient client, AddressGuard guard, int mostAtOnce) {
        return new Poster(client, guard, Proxies.none(), mostAtOnce);
    }

    private Poster(HttpClient.Builder client, AddressGuard guard, Proxies proxies, int mostAtOnce) {
        this(
                client.version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(LONGEST_CONNECT)
                        .proxy(proxies)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build(),
                guard,
                proxies,
                mostAtOnce);
    }

    private Poster(HttpClient client, AddressGuard guard, Proxies proxies, int mostAtOnce) {
        this.client = client;
        this.guard = guard;
        this.proxies = proxies;
        this.free = new Semaphore(mostAtOnce, true);
    }

    /** Makes one attempt; trouble of any kind is a reply. */
    public Reply post(Post post) throws InterruptedException {
        free.acquire();
        try {
            return follow(post);
        } finally {
            free.release();
        }
    }

    private Reply follow(Post post) throws InterruptedException {
        long deadline = System.nanoTime() + post.timeout().toNanos();
        URI target = post.address();
        @Nullable String body = post.body();
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Reply refused = refusal(target);
            if (refused != null) {
                return refused;
            }
            HttpResponse<byte[]> response;
            try {
                response = exchange(request(post, target, body), deadline);
            } catch (ExecutionException failed) {
                return Trouble.of(cause(failed));
            } catch (TimeoutException late) {
                return Trouble.LATE;
            } catch (IllegalArgumentException unusable) {
                return Trouble.UNUSABLE;
            }
            int status = response.statusCode();
            Optional<String> location = response.headers().firstValue("Location");
            if (!redirects(status) || location.isEmpty()) {
                return answered(response);
            }
            Optional<URI> next = next(target, location.get());
            if (next.isEmpty()) {
                return Trouble.ELSEWHERE;
            }
            target = next.get();
            body = status == 307 || status == 308 ? body : null;
        }
        return Trouble.LOOP;
    }

    private @Nullable Reply refusal(URI target) {
        String because = guard.refusal(target, proxies);
        return because == null ? null : new Reply.Unanswered(because, false);
    }

    private static HttpRequest request(Post post, URI target, @Nullable String body) {
        var request = HttpRequest.newBuilder(withoutUserInfo(target)).timeout(post.timeout());
        post.headers().forEach(request::setHeader);
        String user = target.getUserInfo();
        if (user != null && !post.headers().containsKey("Authorization")) {
            request.setHeader(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        }
        if (body == null) {
            return request.GET().build();
        }
        request.setHeader("Content-Type", "application/json");
        return request.POST(BodyPublishers.ofString(body)).build();
    }

    private static URI withoutUserInfo(URI target) {
        String user = target.getRawUserInfo();
        return user == null ? target : URI.create(target.toString().replace(user + "@", ""));
    }

    /**
     * A kept connection may be closed by the other side just as it is used again, which says
     * nothing about the other side: a connection that ends without a byte is replaced once, at
     * once.
     */
    private HttpResponse<byte[]> exchange(HttpRequest request, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return once(request, deadline);
        } catch (ExecutionException failed) {
            if (!Trouble.endedWithoutAByte(cause(failed))) {
                throw failed;
            }
            return once(request, deadline);
        }
    }

    private static Throwable cause(ExecutionException failed) {
        return Objects.requireNonNullElse(failed.getCause(), failed);
    }

    private HttpResponse<byte[]> once(HttpRequest request, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, _ -> new FirstBytes(LONGEST_BODY));
        try {
            return exchange.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException | TimeoutException late) {
            exchange.cancel(true);
            throw late;
        }
    }

    private static boolean redirects(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static Optional<URI> next(URI from, String location) {
        try {
            URI to = from.resolve(location);
            return Addresses.sameSite(from, to) ? Optional.of(to) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Reply answered(HttpResponse<byte[]> response) {
        return new Reply.Answered(
                response.statusCode(),
                new String(response.body(), UTF_8),
                response.headers()
                        .firstValue("Retry-After")
                        .map(text -> retryAfter(text, Instant.now()))
                        .orElse(null));
    }

    /** Seconds or a date, as HTTP allows; null for neither. */
    static @Nullable Duration retryAfter(String text, Instant now) {
        try {
            if (text.strip().matches("\\d{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(text.strip()));
            }
            var date = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration left = Duration.between(now, date.toInstant());
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException neither) {
            return null;
        }
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
