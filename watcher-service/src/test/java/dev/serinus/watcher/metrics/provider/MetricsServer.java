package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import dev.serinus.watcher.metrics.GuardedHttpForTests;
import dev.serinus.watcher.metrics.provider.ProviderContract.Seen;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/** A real HTTP server that answers as a test says, and the client that speaks to it. */
final class MetricsServer implements AutoCloseable {

    /** Bytes that the client reads of an answer. */
    static final int LARGEST = 64 * 1024;

    private final GuardedHttpForTests client = new GuardedHttpForTests(LARGEST);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> requests = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable HttpServer server;
    private volatile int status = 200;
    private volatile String body = "";
    private volatile boolean echoing;
    private volatile boolean silent;
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private volatile @Nullable String location;

    void start() throws IOException {
        start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Starts a server that speaks TLS and wants to know who its clients are, by certificates. */
    void start(SSLContext tls) throws IOException {
        var secure =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var wanted = tls.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        start(secure);
    }

    private void start(HttpServer started) {
        started.setExecutor(threads);
        started.createContext("/", this::handle);
        started.start();
        server = started;
    }

    String url() {
        if (server == null) {
            throw new IllegalStateException("start the server first");
        }
        return (server instanceof HttpsServer ? "https" : "http")
                + "://127.0.0.1:"
                + server.getAddress().getPort();
    }

    ProviderHttp http() {
        return client.http();
    }

    /** From now on answers this. */
    void answer(int newStatus, String newBody) {
        status = newStatus;
        body = newBody;
        echoing = false;
    }

    /** From now on sends this header, too. */
    void header(String name, String value) {
        headers.put(name, value);
    }

    /** From now on answers this and all that it was sent. */
    void echo(int newStatus, String newBody) {
        answer(newStatus, newBody);
        echoing = true;
    }

    /** From now on answers nothing. */
    void silent() {
        silent = true;
    }

    boolean isSilent() {
        return silent;
    }

    /** From now on sends whoever asks on, but those who come to a path that was named so. */
    void redirect(String to) {
        location = to;
    }

    List<Seen> requests() {
        return List.copyOf(requests);
    }

    /** Who asked, by their certificates. */
    List<String> clients() {
        return List.copyOf(clients);
    }

    void awaitRequest() throws InterruptedException {
        first.await();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var seen = Seen.of(exchange);
        requests.add(seen);
        if (exchange instanceof HttpsExchange secure) {
            clients.add(secure.getSSLSession().getPeerPrincipal().getName());
        }
        first.countDown();
        if (silent) {
            try {
                closed.await();
            } catch (InterruptedException _) {
                exchange.close();
                return;
            }
        }
        String to = location;
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean redirects = to != null && !exchange.getRequestURI().getPath().equals(to);
        if (redirects) {
            exchange.getResponseHeaders().set("Location", to);
        }
        byte[] bytes = (echoing ? body + seen : body).getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(redirects ? 307 : status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
        client.close();
    }
}
