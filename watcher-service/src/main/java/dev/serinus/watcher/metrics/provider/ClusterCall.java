package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Addresses;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;

/**
 * A request to the watched cluster's own API, within the limits that other providers' requests
 * have: five seconds, as many bytes as an answer may have, and a turn among all that is under way.
 */
final class ClusterCall {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String JSON = "application/json";

    private final ProviderContext context;
    private final String method;
    private final String path;
    private final @Nullable String body;

    private ClusterCall(
            ProviderContext context, String method, String path, @Nullable String body) {
        this.context = context;
        this.method = method;
        this.path = path;
        this.body = body;
    }

    /** Reads what is at this path, which may have a query. */
    static ClusterCall get(ProviderContext context, String path) {
        return new ClusterCall(context, "GET", path, null);
    }

    /** Makes an object of this JSON. */
    static ClusterCall create(ProviderContext context, String path, String object) {
        return new ClusterCall(context, "POST", path, object);
    }

    /** Removes what is at this path. */
    static ClusterCall delete(ProviderContext context, String path) {
        return new ClusterCall(
                context, "DELETE", path, "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"}");
    }

    /** Sends it and reads the whole answer, whatever its status. */
    ProviderHttp.Reply send() throws ProviderHttp.NoReply, InterruptedException {
        return context.http().inTurn(this::within);
    }

    /** The same without a turn: for what must be tidied up when there is none. */
    ProviderHttp.Reply sendInAnyCase() throws ProviderHttp.NoReply, InterruptedException {
        return within(64 * 1024, _ -> true);
    }

    private ProviderHttp.Reply within(int most, IntPredicate room)
            throws ProviderHttp.NoReply, InterruptedException {
        var http = context.kubernetes().getHttpClient();
        var answer = new Reading(most, room);
        CompletableFuture<HttpResponse<AsyncBody>> sent = http.consumeBytes(request(), answer);
        var _ = sent.whenComplete(answer::begun);
        try {
            return answer.reply.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new ProviderHttp.NoReply(
                    "the Kubernetes API did not answer within " + LIMIT.toSeconds() + "s");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ProviderHttp.NoReply refused
                    ? refused
                    : new ProviderHttp.NoReply("the Kubernetes API did not answer");
        } finally {
            sent.cancel(true);
            answer.stop();
        }
    }

    private HttpRequest request() {
        var kubernetes = context.kubernetes();
        var request =
                kubernetes
                        .getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(
                                Addresses.withoutSlashesAtTheEnd(
                                                kubernetes.getMasterUrl().toString())
                                        + path)
                        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        // The client takes whatever has no body for a GET.
        return body == null ? request.build() : request.method(method, JSON, body).build();
    }

    /** Keeps what comes, no more than there is room for. */
    private static final class Reading implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final int most;
        private final IntPredicate room;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream(); // guarded by this
        private final CompletableFuture<ProviderHttp.Reply> reply = new CompletableFuture<>();
        private volatile @Nullable AsyncBody body;

        private Reading(int most, IntPredicate room) {
            this.most = most;
            this.room = room;
        }

        private void begun(@Nullable HttpResponse<AsyncBody> response, @Nullable Throwable failed) {
            if (response == null) {
                reply.completeExceptionally(
                        failed == null ? new IllegalStateException("no response") : failed);
                return;
            }
            body = response.body();
            var _ =
                    response.body()
                            .done()
                            .whenComplete(
                                    (_, broken) -> {
                                        if (broken != null) {
                                            reply.completeExceptionally(broken);
                                        } else {
                                            reply.complete(
                                                    new ProviderHttp.Reply(
                                                            response.code(),
                                                            text(),
                                                            response.header("Content-Type"),
                                                            null));
                                        }
                                    });
            response.body().consume();
        }

        @Override
        public void consume(List<ByteBuffer> buffers, AsyncBody from) {
            for (ByteBuffer buffer : buffers) {
                String refusal = add(buffer);
                if (refusal != null) {
                    reply.completeExceptionally(new ProviderHttp.NoReply(refusal));
                    from.cancel();
                    return;
                }
            }
            from.consume();
        }

        private synchronized @Nullable String add(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            if (bytes.length > most - kept.size()) {
                return "answer is larger than " + most + " bytes";
            }
            if (!room.test(bytes.length)) {
                return "too many bytes of answers are being read at once";
            }
            buffer.get(bytes);
            kept.write(bytes, 0, bytes.length);
            return null;
        }

        private synchronized String text() {
            return kept.toString(UTF_8);
        }

        private void stop() {
            AsyncBody there = body;
            if (there != null) {
                there.cancel();
            }
        }
    }
}
