package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.notifier.mail.Envelope;
import dev.serinus.schemas.outgoing.Addresses;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Holds the documents against what is really sent. */
class MessagesTest {

    private static final Path DOCUMENT = Path.of("docs", "messages.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where it differs, {@code target/messages.md} has what the document should say. */
    @Test
    void theDocumentShowsTheMessagesOfEachService() throws IOException {
        var document = new StringBuilder();
        document.append(
                """
                # Messages

                What each service is sent of three alerts: a run begins, it fails by two checks, the next one is promoted; and of a digest, who takes digests. Below it is what people see of it, as text: a bar stands for the message's own, with its colour, and times are those of a reader in Berlin. [What else wakes people](#what-else-wakes-people) is at the end. `MessagesTest` holds this document against the code.

                They are the messages of an installation that tells what failed, and who has the traffic now (`notifications.showEvidence` of the chart, which is its default; `SERINUS_NOTIFIER_SHOW_EVIDENCE=true` elsewhere), and that knows the dashboard's address (`SERINUS_NOTIFIER_DASHBOARD_URL`). With neither, Slack, Teams, Discord, Rocket.Chat and Google Chat get no links and no fields beside `Cluster` and those of the message that begins: Flagger's messages to the letter.
                Tokens, and the headers that HTTP has anyway, are left out.
                """);
        for (String type : new TreeSet<>(Notifiers.ALL.types())) {
            Notifier notifier = Notifiers.ALL.of(type).orElseThrow();
            document.append("\n## ").append(type).append('\n');
            for (Message message : ShownMessages.all()) {
                document.append('\n').append(section(notifier, message));
            }
            if (notifier.takesDigests()) {
                document.append('\n').append(section(notifier, ShownMessages.digest()));
            }
        }
        document.append(
                """

                ## What else wakes people

                What people see of it in Slack, and what a pager is sent. Mail and the other chats have the same fields.
                """);
        for (var each : ShownMessages.others().entrySet()) {
            document.append("\n### ").append(each.getKey()).append("\n\n```text\n");
            document.append(
                            Picture.of(new Slack().payload(each.getValue(), destination("slack")))
                                    .orElseThrow())
                    .append("\n```\n\n");
            document.append(pager(each.getValue()));
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "messages.md"), document, UTF_8);

        assertThat(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "")
                .isEqualTo(document.toString());
    }

    @Test
    void everyMessageLeadsToTheRolloutWhereTheInstallationHasAnAddress() throws IOException {
        for (String type : Notifiers.ALL.types()) {
            Notifier notifier = Notifiers.ALL.of(type).orElseThrow();

            assertThat(section(notifier, ShownMessages.failed()))
                    .as(type)
                    .contains("https://serinus.example/#/rollouts/prod/shop/podinfo");
        }
    }

    private static String pager(Message message) throws IOException {
        var pager = new PagerDuty();
        return !pager.tells(message) || message.subject().status().isGood()
                ? "A pager is not told of it, or is told that it is over.\n"
                : "```json\n%s\n```\n"
                        .formatted(
                                JSON.writerWithDefaultPrettyPrinter()
                                        .writeValueAsString(
                                                pager.payload(message, destination(pager.type()))));
    }

    private static String section(Notifier notifier, Message told) throws IOException {
        // What ends trouble is told of what was opened, which is the run that failed.
        Message message =
                notifier.opensIncidents() && told.subject().status().isGood()
                        ? told.ofIncident(ShownMessages.failed().subject().incident())
                        : told;
        String title = "### " + message.subject().status().word() + "\n\n";
        if (!notifier.tells(message)) {
            return title + "Not told.\n";
        }
        return title
                + switch (notifier) {
                    case WebNotifier web -> call(web, message);
                    case MailNotifier mail -> mail(mail, message);
                };
    }

    private static String mail(MailNotifier notifier, Message message) {
        var mail = notifier.mail(message, destination(notifier.type()));
        return """
            From: %s <%s>
            To: %s
            Subject: %s
            Message-ID: %s

        ```text
        %s```

        ```html
        %s```
        """
                .formatted(
                        mail.speaker(),
                        mail.envelope().from(),
                        String.join(", ", mail.envelope().to()),
                        mail.subject(),
                        mail.id(),
                        mail.text(),
                        mail.html());
    }

    private static String call(WebNotifier notifier, Message message) throws IOException {
        Destination destination = destination(notifier.type());
        JsonNode body = notifier.payload(message, destination);
        var address = Addresses.parse(destination.address()).orElseThrow();
        var text = new StringBuilder();
        text.append("    ")
                .append(notifier.method(destination))
                .append(' ')
                .append(notifier.address(address, message))
                .append('\n');
        header(text, Map.of("Idempotency-Key", message.key()));
        header(text, notifier.headers(destination));
        header(
                text,
                notifier.signature(
                        destination, message, body.toString(), Instant.ofEpochSecond(1)));
        text.append("\n```json\n")
                .append(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body))
                .append("\n```\n");
        Picture.of(body)
                .ifPresent(seen -> text.append("\n```text\n").append(seen).append("\n```\n"));
        return text.toString();
    }

    private static void header(StringBuilder text, Map<String, String> headers) {
        headers.forEach(
                (name, value) ->
                        text.append("    ").append(name).append(": ").append(value).append('\n'));
    }

    private static Destination destination(String type) {
        String address =
                switch (type) {
                    case "github" -> "https://github.com/shop/podinfo";
                    case "gitlab" -> "https://gitlab.com/shop/podinfo";
                    default ->
                            Notifiers.ALL
                                    .of(type)
                                    .flatMap(Notifier::usualAddress)
                                    .orElse("https://" + type + ".example/hook");
                };
        return new Destination(
                type,
                "releases",
                "serinus",
                address,
                "TOKEN",
                null,
                new Destination.Options(
                        null,
                        null,
                        null,
                        new Envelope(
                                "serinus@shop.example",
                                List.of("team@shop.example", "on-call@shop.example"),
                                null,
                                null)));
    }
}
