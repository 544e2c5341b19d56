package dev.serinus.conformance.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets the Kubernetes client of the services talk to the simulated API server: all of the client is
 * the real one but its HTTP, which answers at once and on the caller's thread.
 */
public final class ApiClient {

    private ApiClient() {}

    public static KubernetesClient of(ApiServer server) {
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl("http://api.invalid/").build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new Factory(server))
                .withTaskExecutor(Runnable::run)
                .build();
    }

    private static final class Factory implements HttpClient.Factory {

        private final ApiServer server;

        Factory(ApiServer server) {
            this.server = server;
        }

        @Override
        public HttpClient.Builder newBuilder() {
            return new Assembly(this);
        }
    }

    private static final class Assembly
            extends StandardHttpClientBuilder<Client, Factory, Assembly> {

        Assembly(Factory factory) {
            super(factory);
        }

        @Override
        protected Assembly newInstance(Factory factory) {
            return new Assembly(factory);
        }

        @Override
        public Client build() {
            return new Client(this, clientFactory.server);
        }
    }

    private static final class Client extends StandardHttpClient<Client, Factory, Assembly> {

        private final ApiServer server;

        Client(Assembly builder, ApiServer server) {
            super(builder, new AtomicBoolean());
            this.server = server;
        }

        @Override
        public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
                StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            URI uri = request.uri();
            String type = Optional.ofNullable(request.getContentType()).orElse("");
            var reply =
                    server.answer(
                            request.method(),
                            uri.getPath(),
                            query(uri),
                            type,
                            Optional.ofNullable(request.bodyString()).orElse(""));
            var body = new Body(reply.body(), consumer);
            return CompletableFuture.completedFuture(new Response(request, reply.code(), body));
        }

        @Override
        public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
                StandardWebSocketBuilder builder, WebSocket.Listener listener) {
            StandardHttpRequest request = builder.asHttpRequest();
            var socket = new Socket(listener);
            listener.onOpen(socket);
            socket.watch =
                    server.watch(
                            request.uri().getPath(),
                            query(request.uri()),
                            text -> listener.onMessage(socket, text));
            return CompletableFuture.completedFuture(
                    new WebSocketResponse(
                            new WebSocketUpgradeResponse(request, 101, new HashMap<>()), socket));
        }

        @Override
        protected void doClose() {}

        private static Map<String, String> query(URI uri) {
            Map<String, String> query = new HashMap<>();
            String raw = uri.getRawQuery();
            for (String pair : (raw == null ? "" : raw).split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(
                            URLDecoder.decode(pair.substring(0, equals), UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                }
            }
            return query;
        }
    }

    private static final class Socket implements WebSocket {

        private final WebSocket.Listener listener;
        private @Nullable AutoCloseable watch;

        Socket(WebSocket.Listener listener) {
            this.listener = listener;
        }

        @Override
        public boolean send(ByteBuffer buffer) {
            return false;
        }

        @Override
        public boolean sendClose(int code, String reason) {
            if (watch != null) {
                try {
                    watch.close();
                } catch (Exception impossible) {
                    throw new IllegalStateException(impossible);
                }
                watch = null;
                listener.onClose(this, code, reason);
            }
            return true;
        }

        @Override
        public long queueSize() {
            return 0;
        }

        @Override
        public void request() {}
    }

    private static final class Body implements AsyncBody {

        private final String text;
        private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean consumed;

        Body(String text, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            this.text = text;
            this.consumer = consumer;
        }

        @Override
        public void consume() {
            if (consumed) {
                return;
            }
            consumed = true;
            try {
                consumer.consume(List.of(ByteBuffer.wrap(text.getBytes(UTF_8))), this);
                done.complete(null);
            } catch (Exception failed) {
                throw new IllegalStateException("a reader of an answer failed", failed);
            }
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        @Override
        public void cancel() {
            done.cancel(false);
        }
    }

    private static final class Response extends StandardHttpHeaders
            implements HttpResponse<AsyncBody> {

        private final HttpRequest request;
        private final int code;
        private final AsyncBody body;

        Response(HttpRequest request, int code, AsyncBody body) {
            super(Map.of("Content-Type", List.of("application/json")));
            this.request = request;
            this.code = code;
            this.body = body;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public AsyncBody body() {
            return body;
        }

        @Override
        public HttpRequest request() {
            return request;
        }

        @Override
        public Optional<HttpResponse<?>> previousResponse() {
            return Optional.empty();
        }
    }
}
