package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.notifier.chat.TestMailServer.Rules;
import dev.serinus.notifier.mail.Envelope;
import dev.serinus.notifier.mail.MailServer;
import dev.serinus.notifier.mail.Mailer;
import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Transport;
import dev.serinus.schemas.topic.CanaryKey;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.RejectException;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Mails to a server that speaks SMTP. */
class EmailTest extends NotifierContract {

    private static final Instant NOW = Instant.parse("2026-11-30T04:05:06Z");
    private static final Pattern ID = Pattern.compile("\nMessage-ID: <(.*)@shop.example>");

    @TempDir Path directory;

    @Override
    protected Notifier notifier() {
        return new Email();
    }

    /** Where every name leads to this machine, as behind a name that is no loopback's. */
    private static OutgoingClient client() {
        var calls =
                new Transport() {
                    @Override
                    public Response exchange(Request request, java.time.Duration left) {
                        throw new IllegalStateException("mails make no calls of HTTP");
                    }

                    @Override
                    public void close() {}
                };
        return OutgoingClient.over(calls, new AddressGuard(false), CallLimits.of(10));
    }

    private static Destination destination(String address, boolean logsIn, String... to) {
        return new Destination(
                "email",
                "general",
                "Serinus",
                address,
                null,
                "",
                new Destination.Options(
                        null,
                        null,
                        null,
                        new Envelope(
                                "serinus@shop.example",
                                List.of(to),
                                logsIn ? TestMailServer.USER : null,
                                logsIn ? TestMailServer.PASSWORD : null)));
    }

    @Override
    protected Refusing refusing() throws Exception {
        List<String> keys = new CopyOnWriteArrayList<>();
        var server =
                new TestMailServer(
                        directory,
                        new Rules(
                                true,
                                false,
                                true,
                                mail -> {
                                    String key = key(mail.content());
                                    keys.add(key);
                                    throw new RejectException(
                                            keys.size() == 1 ? 451 : 554,
                                            "no "
                                                    + key
                                                    + " of "
                                                    + TestMailServer.USER
                                                    + " with "
                                                    + TestMailServer.PASSWORD);
                                }));
        var client = client();
        return new Refusing() {
            @Override
            public Destination destination() {
                return EmailTest.destination(
                        "smtp://mail.test:" + server.port(), true, "a@shop.example");
            }

            @Override
            public Delivery delivery() {
                return EmailTest.delivery(client, server);
            }

            @Override
            public List<String> keys() {
                return keys;
            }

            @Override
            public void close() {
                client.close();
                server.close();
            }
        };
    }

    private static Delivery delivery(OutgoingClient client, TestMailServer server) {
        return new Delivery(client, () -> NOW, Notifiers.ALL, new Mailer(server.trusting()));
    }

    private static String key(String content) {
        var id = ID.matcher(content);
        return id.find() ? id.group(1) : "none";
    }

    private Delivery.Result send(TestMailServer server, Message message, Destination to)
            throws InterruptedException {
        try (var client = client()) {
            return delivery(client, server).attempt(OWNER, message, to);
        }
    }

    private static MimeMessage read(TestMailServer.Taken mail) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.content().getBytes(StandardCharsets.US_ASCII)));
    }

    private static @Nullable String part(TestMailServer.Taken mail, int place) throws Exception {
        var parts = (MimeMultipart) read(mail).getContent();
        return (String) parts.getBodyPart(place).getContent();
    }

    @Test
    void everyReceiverHasTextAndHtmlOfOneMail() throws Exception {
        try (var server = new TestMailServer(directory, Rules.of(true, true))) {
            var to =
                    destination(
                            "smtp://mail.test:" + server.port(),
                            true,
                            "a@shop.example",
                            "b@shop.example");

            assertThat(send(server, ShownMessages.failed(), to))
                    .isEqualTo(new Delivery.Result.Taken());

            assertThat(server.taken).hasSize(1);
            var mail = server.taken.getFirst();
            assertThat(mail.from()).isEqualTo("serinus@shop.example");
            var mime = read(mail);
            assertThat(mime.getHeader("To", null)).isEqualTo("a@shop.example, b@shop.example");
            assertThat(mime.getHeader("From", null)).isEqualTo("Serinus <serinus@shop.example>");
            assertThat(mime.getSubject())
                    .isEqualTo("podinfo.shop: Failed checks threshold reached 5");
            assertThat(mime.getMessageID()).isEqualTo("<msg_failed@shop.example>");
            assertThat(mime.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
            assertThat(mime.getSentDate()).isEqualTo(NOW);
            assertThat(mime.getContentType()).startsWith("multipart/alternative");
            assertThat(part(mail, 0))
                    .contains(
                            "request-success-rate: 95.00 % < 99.00 %", "https://serinus.example/");
            assertThat(part(mail, 1)).contains("95.00 % &lt; 99.00 %", "<a href=\"https://serinus");
            assertThat(server.logins).containsExactly(TestMailServer.USER);
        }
    }

    /** Hooks answer what they like, as long as they like. */
    @Test
    void whatAHookSaidIsToldAndBounded() {
        List<AlertEvidence> many = new ArrayList<>();
        for (int place = 0; place < 12; place++) {
            many.add(
                    new AlertEvidence(
                            "hook-" + place,
                            null,
                            null,
                            null,
                            true,
                            "<b>" + "x".repeat(1_000),
                            null,
                            ""));
        }
        var failed = ShownMessages.failed(many);

        var mail = new Email().mail(failed, destination("smtp://mail.test", false, "a@b.example"));

        assertThat(mail.text())
                .contains("hook-0: <b>" + "x".repeat(296) + "…\n", "hook-9: ")
                .doesNotContain("hook-10");
        assertThat(mail.html()).contains("&lt;b&gt;xxx").doesNotContain("<b>");
        assertThat(new Email().mail(failed.saying("mine"), destination("", false)).text())
                .doesNotContain("hook-0");
    }

    @Test
    void tlsFromTheStartIsSpokenToo() throws Exception {
        try (var server = new TestMailServer(directory, new Rules(false, true, true, _ -> {}))) {
            var to = destination("smtps://mail.test:" + server.port(), true, "a@shop.example");

            assertThat(send(server, message(Severity.INFO, "told"), to))
                    .isEqualTo(new Delivery.Result.Taken());
            assertThat(server.taken).hasSize(1);
        }
    }

    @Test
    void withoutTlsNothingIsSaidUnlessToldSo() throws Exception {
        try (var server = new TestMailServer(directory, Rules.of(false, false))) {
            String address = "smtp://mail.test:" + server.port();
            var told = message(Severity.INFO, "told");

            var required = send(server, told, destination(address, false, "a@shop.example"));

            assertThat(required)
                    .isEqualTo(
                            new Delivery.Result.Missed(
                                    "the mail server does not offer STARTTLS", false, null));
            assertThat(server.taken).isEmpty();
            assertThat(
                            send(
                                    server,
                                    told,
                                    destination(
                                            address + "?starttls=optional",
                                            false,
                                            "a@shop.example")))
                    .isEqualTo(new Delivery.Result.Taken());
            assertThat(
                            send(
                                    server,
                                    told,
                                    destination(
                                            "smtp://127.0.0.1:" + server.port(),
                                            false,
                                            "a@shop.example")))
                    .isEqualTo(new Delivery.Result.Taken());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "smtps"})
    void aServerWithACertificateOfAnotherNameHearsNothing(String scheme) throws Exception {
        boolean atOnce = scheme.equals("smtps");
        try (var server =
                new TestMailServer(directory, new Rules(!atOnce, atOnce, true, _ -> {}))) {
            var to = destination(scheme + "://other.test:" + server.port(), true, "a@shop.example");

            assertThat(send(server, message(Severity.INFO, "told"), to))
                    .isEqualTo(
                            new Delivery.Result.Missed(
                                    "tls: failed to verify certificate", false, null));
            assertThat(server.logins).isEmpty();
        }
    }

    @Test
    void aWrongPasswordIsTriedOnceAndNotTold() throws Exception {
        try (var server = new TestMailServer(directory, Rules.of(true, true))) {
            var options =
                    new Destination.Options(
                            null,
                            null,
                            null,
                            new Envelope(
                                    "serinus@shop.example",
                                    List.of("a@shop.example"),
                                    TestMailServer.USER,
                                    "wr0ng"));
            var to =
                    new Destination(
                            "email",
                            "general",
                            "Serinus",
                            "smtp://mail.test:" + server.port(),
                            null,
                            null,
                            options);

            var result = send(server, message(Severity.INFO, "told"), to);

            assertThat(result)
                    .isInstanceOfSatisfying(
                            Delivery.Result.Missed.class,
                            missed -> {
                                assertThat(missed.again()).isFalse();
                                assertThat(missed.because())
                                        .startsWith("status 535")
                                        .doesNotContain("wr0ng", TestMailServer.USER);
                            });
            assertThat(server.taken).isEmpty();
        }
    }

    /** One that is refused keeps the mail from all, whatever the server said of those after it. */
    @ParameterizedTest
    @CsvSource({
        "550, 250, status 550: 550 5.1.1 <gone@shop.example> unknown here, false",
        "451, 250, status 451: 451 5.1.1 <gone@shop.example> unknown here, true",
        "250, 550, status 550: 550 5.1.1 <team@shop.example> unknown here, false",
        "451, 550, status 550: 550 5.1.1 <team@shop.example> unknown here, false"
    })
    void aReceiverThatIsRefusedIsToldInTheServersWords(
            int first, int second, String because, boolean again) throws Exception {
        Map<String, Integer> refused = new HashMap<>();
        refused.put("gone@shop.example", first);
        refused.put("team@shop.example", second);
        refused.values().removeIf(status -> status == 250);
        try (var server = new TestMailServer(directory, Rules.refusing(refused))) {
            var to =
                    destination(
                            "smtp://mail.test:" + server.port(),
                            false,
                            "gone@shop.example",
                            "team@shop.example");

            assertThat(send(server, message(Severity.INFO, "told"), to))
                    .isEqualTo(new Delivery.Result.Missed(because, again, null));
            assertThat(server.taken).isEmpty();
        }
    }

    /** What a server says that keeps to no bounds, line by line. */
    private static Delivery.Result talkingTo(List<String> said, boolean logsIn) throws Exception {
        try (var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var client = client()) {
            Thread.startVirtualThread(
                    () -> {
                        try (var socket = listening.accept()) {
                            var in =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    socket.getInputStream(),
                                                    StandardCharsets.US_ASCII));
                            var out = socket.getOutputStream();
                            for (String each : said) {
                                byte[] bytes = each.getBytes(StandardCharsets.US_ASCII);
                                out.write(bytes);
                                while (!each.endsWith("\r\n") || each.startsWith("250-endless")) {
                                    out.write(bytes);
                                }
                                in.readLine();
                            }
                            in.transferTo(Writer.nullWriter());
                        } catch (IOException gone) {
                            // It was left alone.
                        }
                    });
            var to =
                    destination(
                            "smtp://127.0.0.1:" + listening.getLocalPort(),
                            logsIn,
                            "a@shop.example");
            return new Delivery(client, () -> NOW, Notifiers.ALL)
                    .attempt(OWNER, message(Severity.INFO, "told"), to);
        }
    }

    @Test
    void aServerThatNeverEndsIsNotHeardToTheEnd() throws Exception {
        var tooLong = new Delivery.Result.Missed("answer is larger than 65536 bytes", false, null);

        assertThat(talkingTo(List.of("x".repeat(1_000)), false)).isEqualTo(tooLong);
        assertThat(talkingTo(List.of("220 mail.test\r\n", "250-endless\r\n"), false))
                .isEqualTo(tooLong);
    }

    @Test
    void aServerThatTakesNoLoginOfOursIsAskedOnce() throws Exception {
        assertThat(
                        talkingTo(
                                List.of(
                                        "220 mail.test\r\n",
                                        "250-mail.test\r\n250 AUTH XOAUTH2\r\n"),
                                true))
                .isEqualTo(
                        new Delivery.Result.Missed(
                                "the mail server takes no password by PLAIN or LOGIN, which are"
                                        + " all there is",
                                false,
                                null));
    }

    @Test
    void whereNoCallMayGoNoMailGoes() throws Exception {
        try (var server = new TestMailServer(directory, Rules.of(true, false))) {
            var to = destination("smtp://169.254.169.254:25", false, "a@shop.example");

            assertThat(send(server, message(Severity.INFO, "told"), to))
                    .isEqualTo(
                            new Delivery.Result.Missed(
                                    "link-local and metadata addresses are refused", false, null));
        }
    }

    /** What a Canary's author, a hook and the provider's author can write. */
    @Test
    void nothingThatIsWrittenBeginsAHeaderOrMarkup() throws Exception {
        try (var server = new TestMailServer(directory, Rules.of(true, false))) {
            String evil = "up\r\nBcc: eve@evil.example\r\n\r\n<script>x</script>\u2028Ünï";
            var told =
                    new Message(
                            "msg_1",
                            "pod\r\nBcc: eve@evil.example.test",
                            Severity.INFO,
                            evil,
                            List.of(new AlertField("<b>", "</td><img src=x>\r\n.\r\nQUIT")));
            var to =
                    new Destination(
                            "email",
                            "general",
                            "Serinus\r\nBcc: eve@evil.example",
                            "smtp://mail.test:" + server.port(),
                            null,
                            null,
                            destination("", false, "a@shop.example").options());

            assertThat(send(server, told, to)).isEqualTo(new Delivery.Result.Taken());

            assertThat(server.taken).hasSize(1);
            var mail = server.taken.getFirst();
            var mime = read(mail);
            assertThat(mime.getHeader("Bcc")).isNull();
            assertThat(mime.getAllRecipients()).hasSize(1);
            assertThat(mime.getSubject()).contains("Bcc: eve@evil.example <script>", "Ünï");
            assertThat(part(mail, 0)).contains("\r\n.\r\nQUIT");
            assertThat(part(mail, 1))
                    .contains("&lt;script&gt;", "&lt;img src=x&gt;")
                    .doesNotContain("<script>", "<img");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "smtp://mail.test | a@b.example | c@d.example | -",
                "http://mail.test | a@b.example | c@d.example | its address must be smtp://",
                "smtp://me:s3cr3t@mail.test | a@b.example | c@d.example | its address must be",
                "smtp://mail.test/s3cr3t | a@b.example | c@d.example | its address must be",
                "smtp://mail.test?starttls=no | a@b.example | c@d.example | its address must be",
                "smtp://mail.test | '' | c@d.example | spec.from must be a mail address",
                "smtp://mail.test | a@b.example | 'c@d.example,x' | spec.to[1] must be a mail",
                "smtp://mail.test | a@b.example | '<c@d.example>' | spec.to[0] must be a mail",
                "smtp://mail.test | a@b.example | 'c d@e.example' | spec.to[0] must be a mail",
                "smtp://mail.test | a@b.example | a..b@x.example | spec.to[0] must be a mail",
                "smtp://mail.test | a@b.example | .a@x.example | spec.to[0] must be a mail",
                "smtp://mail.test | a@b.example | a@x..example | spec.to[0] must be a mail",
                "smtp://mail.test | a.@b.example | a@x.example | spec.from must be a mail",
                "smtp://mail.test | a@b.example | a@x. | spec.to[0] must be a mail",
                "smtp://mail.test | a@b.example | a.b+c@x-y.example | -",
                "smtp://mail.test?starttls=optional | a@b.example | c@d.example | a password needs"
            })
    void aProviderThatCannotWorkIsRefusedByPath(
            String address, String from, String to, @Nullable String because) {
        boolean logsIn = address.endsWith("optional");
        var destination =
                new Destination(
                        "email",
                        "",
                        "",
                        address,
                        null,
                        null,
                        new Destination.Options(
                                null,
                                null,
                                null,
                                new Envelope(
                                        from,
                                        List.of(to.split(",")),
                                        logsIn ? "me" : null,
                                        logsIn ? "s3cr3t" : null)));

        List<String> problems = new Email().problems(destination);

        if (because == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith(because)
                    .doesNotContain("s3cr3t");
        }
    }

    /** What a file shows before anybody sends a mail. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://mail.test, spec.address must be smtp://HOST:587 or smtps://HOST:465",
                "smtp://me:pw@mail.test, spec.address must be smtp://HOST:587 or smtps://HOST:465",
                "mail.test, spec.address must be smtp://HOST:587 or smtps://HOST:465",
                "smtp://mail.test:587, -",
                "-, -"
            })
    void aManifestWithAnAddressOfNoMailServerIsRefused(
            @Nullable String address, @Nullable String because) {
        var spec =
                new AlertProviderSpec(
                        "email",
                        null,
                        null,
                        address,
                        null,
                        null,
                        null,
                        null,
                        "a@b.example",
                        List.of("c@d.example"),
                        null);

        assertThat(new Email().problems(spec))
                .isEqualTo(because == null ? List.of() : List.of(because));
    }

    @Test
    void theMailOfADigestIsAboutNoSingleRollout() {
        var digest =
                AlertDigest.newBuilder()
                        .setKey("msg_1")
                        .setSince(NOW)
                        .setAt(NOW)
                        .setLines(List.of(new DigestLine("cart.shop", Severity.INFO, "begins", 1)))
                        .setMore(2)
                        .build();
        var message =
                Digest.message(
                        digest,
                        new CanaryKey("lab", "shop", "mail"),
                        null,
                        "https://serinus.example");

        var mail = new Email().mail(message, destination("smtp://mail.test", false, "a@b.example"));

        assertThat(mail.subject())
                .isEqualTo("What became of 3 canaries since 2026-11-30T04:05:06Z");
        assertThat(mail.html()).contains(">Open the dashboard</a>").doesNotContain("the rollout");
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        List<String> many = new ArrayList<>();
        for (int place = 0; place <= Email.MOST_RECEIVERS; place++) {
            many.add("a@b.example");
        }
        var destination =
                new Destination(
                        "email",
                        "",
                        "",
                        "mail",
                        null,
                        "http://proxy.example",
                        new Destination.Options(
                                null, null, null, new Envelope("a\n@b", many, "me", null)));

        assertThat(new Email().problems(destination))
                .containsExactly(
                        "spec.from must be a mail address, such as serinus@shop.example",
                        "spec.to must have 1 to 20 mail addresses",
                        "spec.proxy has to be left out: mails do not go through HTTP proxies",
                        "its Secret needs both of the keys username and password, or neither",
                        "its address must be smtp://HOST:587 or smtps://HOST:465");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example, 587, REQUIRED",
        "smtp://mail.example:25?starttls=optional, 25, OFFERED",
        "smtp://localhost:25, 25, OFFERED",
        "smtp://[::1]:25, 25, OFFERED",
        "SMTPS://mail.example/, 465, AT_ONCE"
    })
    void anAddressSaysHowTheServerIsSpokenTo(String address, int port, MailServer.Tls tls) {
        var server = MailServer.parse(address).orElseThrow();

        assertThat(server.host().port()).isEqualTo(port);
        assertThat(server.tls()).isEqualTo(tls);
    }

    @Test
    void noSecretIsPrinted() {
        var to = destination("smtp://mail.test", true, "a@shop.example");

        assertThat(to + " " + to.options() + " " + to.options().envelope())
                .doesNotContain("s3cr3t", "t0k3n");
    }
}
