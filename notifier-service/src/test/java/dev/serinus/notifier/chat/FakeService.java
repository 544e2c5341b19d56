package dev.serinus.notifier.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for a service: takes what its documentation describes, and refuses the rest. */
final class FakeService implements AutoCloseable {

    /** What was asked of it. */
    record Asked(String line, Map<String, String> headers, JsonNode body) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final OutgoingClient client =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
    private final String type;

    FakeService(String type) throws IOException {
        this.type = type;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Really sends it. */
    Delivery.Result tell(Message message, Destination destination) throws InterruptedException {
        return new Delivery(client, InstantSource.system(), Notifiers.ALL)
                .attempt(new CanaryKey("prod", "shop", "podinfo"), message, destination);
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, all) -> headers.put(name, all.getFirst()));
        asked.add(
                new Asked(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        headers,
                        body));
        byte[] mistakes = mistakes(type, body).toString().getBytes(UTF_8);
        exchange.sendResponseHeaders(mistakes.length > 2 ? 422 : 202, mistakes.length);
        exchange.getResponseBody().write(mistakes);
        exchange.close();
    }

    /** What the documented schema of a service does not allow. */
    static List<String> mistakes(String type, JsonNode body) {
        try {
            var schema =
                    Files.readString(Path.of("src/test/resources/chat/schema", type + ".json"));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    .getSchema(schema)
                    .validate(body)
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
