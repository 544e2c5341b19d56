package dev.serinus.bench.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** A Prometheus on loopback to which everything is fine; it answers at once. */
public final class FinePrometheus implements AutoCloseable {

    private final HttpServer server;

    /**
     * @param answering is told of each query of a check just before its answer leaves
     */
    public FinePrometheus(Consumer<String> answering) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/api/v1/query",
                exchange -> {
                    String query = exchange.getRequestURI().getQuery();
                    // Whether it answers is asked, too, and is no check of a canary.
                    boolean asked = query.contains("vector(1)");
                    // Durations are asked for in seconds, everything else in percent.
                    boolean duration = query.contains("histogram_quantile");
                    byte[] fine =
                            """
                            {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"%s"]}]}}\
                            """
                                    .formatted(asked ? "1" : duration ? "0.02" : "100")
                                    .getBytes(UTF_8);
                    if (!asked) {
                        answering.accept(query);
                    }
                    exchange.sendResponseHeaders(200, fine.length);
                    exchange.getResponseBody().write(fine);
                    exchange.close();
                });
        server.start();
    }

    /** Where it is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
