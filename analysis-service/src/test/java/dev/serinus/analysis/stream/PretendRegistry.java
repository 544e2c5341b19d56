package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.avro.specific.SpecificRecord;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A schema registry as far as our clients ask one, which goes away and refuses on demand. */
final class PretendRegistry implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SINGLE_OBJECT_HEADER = 10;

    private final HttpServer server;
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();
    final Set<String> unregistered = ConcurrentHashMap.newKeySet();
    volatile boolean away;

    PretendRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    KafkaSettings settings() {
        return new KafkaSettings(
                Map.of(
                        "bootstrap.servers",
                        "none:0",
                        "schema.registry.url",
                        "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    /** The bytes a producer writes under an id that nobody else has asked for yet. */
    byte[] write(SpecificRecord value) {
        byte[] alone = Bench.SETTINGS.values().serializer().serialize("x", value);
        return ByteBuffer.allocate(alone.length - SINGLE_OBJECT_HEADER + 5)
                .put((byte) 0)
                .putInt(id(value.getSchema().toString()))
                .put(alone, SINGLE_OBJECT_HEADER, alone.length - SINGLE_OBJECT_HEADER)
                .array();
    }

    private synchronized int id(String schema) {
        return ids.computeIfAbsent(schema, _ -> ids.size() + 1);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (away) {
            reply(exchange, 503, "{}");
        } else if (path.startsWith("/schemas/ids/")) {
            String schema = schema(Integer.parseInt(last));
            reply(exchange, 200, JSON.writeValueAsString(Map.of("schema", schema)));
        } else if (exchange.getRequestMethod().equals("POST") && !unregistered.contains(last)) {
            String schema = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
            reply(exchange, 200, JSON.writeValueAsString(Map.of("id", id(schema))));
        } else {
            reply(exchange, 404, "{}");
        }
    }

    private String schema(int id) {
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
