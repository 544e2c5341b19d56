package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Severity;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What every chat service promises. */
abstract class NotifierContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADDRESS = "https://chat.example/T0/s3cr3t";
    private static final Destination SECRETIVE =
            new Destination("any", "ops", "bot", ADDRESS, "t0k3n", "http://proxy.example:3128");

    protected abstract Notifier notifier();

    /** Bodies that Flagger 1.44 really sent to a service of this type, with what they say. */
    @TestFactory
    Stream<DynamicTest> sendsWhatFlaggerSends() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/chat", notifier().type() + ".jsonl"))
                .stream()
                .map(NotifierContract::parse)
                .map(
                        sent ->
                                DynamicTest.dynamicTest(
                                        sent.get("message").asText(),
                                        () ->
                                                assertThat(
                                                                notifier()
                                                                        .payload(
                                                                                message(sent),
                                                                                destination(sent)))
                                                        .isEqualTo(sent.get("body"))));
    }

    @Test
    void isFoundByItsType() {
        assertThat(Notifiers.of(notifier().type())).contains(notifier());
    }

    @Test
    void putsNoAddressTokenOrProxyIntoTheMessage() {
        assertThat(notifier().payload(message(Severity.WARN, "told"), SECRETIVE).toString())
                .contains("told")
                .doesNotContain("s3cr3t", "t0k3n", "proxy.example");
        assertThat(SECRETIVE.toString()).isEqualTo("Destination[any]");
    }

    @Test
    void keepsTheHostOfTheAddress() {
        assertThat(notifier().address(URI.create(ADDRESS)).toString()).startsWith(ADDRESS);
    }

    @Test
    void takesAnyAnswerThatIsNoComplaint() {
        for (String answer : List.of("", "ok", "{}", "{\"ok\":true}", "{", "<html>")) {
            assertThat(notifier().complaint(answer)).isEmpty();
        }
    }

    static Message message(Severity severity, String text) {
        return new Message(
                "podinfo.test",
                severity,
                text,
                List.of(new AlertField("Target", "Deployment/podinfo.test")));
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
