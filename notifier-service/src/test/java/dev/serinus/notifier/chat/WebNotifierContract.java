package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** What every service promises that is called over HTTP. */
abstract class WebNotifierContract extends NotifierContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADDRESS = "https://chat.example/T0/s3cr3t";
    private static final Destination SECRETIVE =
            new Destination("any", "ops", "bot", ADDRESS, "t0k3n", "http://proxy.example:3128");

    @Override
    protected abstract WebNotifier notifier();

    protected boolean sendsItsTokenInTheBody() {
        return false;
    }

    /** With what the address begins that it makes of this one. */
    protected String hostOf(String address) {
        return address;
    }

    @Override
    protected Refusing refusing() throws IOException {
        List<String> keys = new CopyOnWriteArrayList<>();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                    byte[] echo =
                            (exchange.getRequestURI() + " " + exchange.getRequestHeaders().values())
                                    .getBytes(UTF_8);
                    exchange.sendResponseHeaders(keys.size() == 1 ? 503 : 400, echo.length);
                    exchange.getResponseBody().write(echo);
                    exchange.close();
                });
        server.start();
        var client = new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
        var address =
                "http://me:passw0rd@127.0.0.1:" + server.getAddress().getPort() + "/T0/s3cr3t";
        return new Refusing() {
            @Override
            public Destination destination() {
                return new Destination(notifier().type(), "ops", "bot", address, "t0k3n", "");
            }

            @Override
            public Delivery delivery() {
                return new Delivery(client, InstantSource.system(), notifiers());
            }

            @Override
            public List<String> keys() {
                return keys;
            }

            @Override
            public void close() {
                client.close();
                server.stop(0);
            }
        };
    }

    /** Bodies that Flagger 1.44 really sent to a service of this type, with what they say. */
    @TestFactory
    Stream<DynamicTest> sendsWhatFlaggerSends() throws IOException {
        var file = Path.of("src/test/resources/chat", notifier().type() + ".jsonl");
        return (Files.exists(file) ? Files.readAllLines(file) : List.<String>of())
                .stream()
                        .map(WebNotifierContract::parse)
                        .map(
                                sent ->
                                        DynamicTest.dynamicTest(
                                                sent.get("message").asText(),
                                                () ->
                                                        assertThat(
                                                                        notifier()
                                                                                .payload(
                                                                                        message(
                                                                                                sent),
                                                                                        destination(
                                                                                                sent)))
                                                                .isEqualTo(sent.get("body"))));
    }

    @Test
    void putsNoAddressTokenOrProxyIntoTheMessage() {
        assertThat(notifier().payload(message(Severity.WARN, "told"), SECRETIVE).toString())
                .contains("told")
                .doesNotContain("s3cr3t", "proxy.example")
                .doesNotContain(sendsItsTokenInTheBody() ? "proxy.example" : "t0k3n");
        assertThat(SECRETIVE.toString()).isEqualTo("Destination[any]");
    }

    @Test
    void keepsTheHostOfTheAddress() {
        assertThat(notifier().address(URI.create(ADDRESS)).toString()).startsWith(hostOf(ADDRESS));
    }

    @Test
    void takesAnyAnswerThatIsNoComplaint() {
        for (String answer : List.of("", "ok", "{}", "{\"ok\":true}", "{", "<html>")) {
            assertThat(notifier().complaint(answer)).isEmpty();
        }
    }

    private static Message message(JsonNode sent) {
        List<AlertField> fields = new ArrayList<>();
        sent.get("fields")
                .forEach(
                        field ->
                                fields.add(
                                        new AlertField(
                                                field.get(0).asText(), field.get(1).asText())));
        return new Message(
                "msg_1",
                sent.get("canary").asText(),
                Severity.valueOf(sent.get("severity").asText()),
                sent.get("message").asText(),
                fields);
    }

    private static Destination destination(JsonNode sent) {
        return new Destination(
                "any",
                sent.get("channel").asText(),
                sent.get("username").asText(),
                ADDRESS,
                null,
                null);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
