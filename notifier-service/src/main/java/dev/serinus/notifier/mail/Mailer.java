package dev.serinus.notifier.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.topic.CanaryKey;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Hands mails in by SMTP, each over a connection of its own. */
public final class Mailer {

    /** Servers think about a mail before they take it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final SSLSocketFactory tls;

    /** Certificates are verified by this factory's sockets. */
    public Mailer(SSLSocketFactory tls) {
        this.tls = tls;
    }

    /** Certificates are verified against the JVM's trust store. */
    public Mailer() {
        this((SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** What came of one attempt. */
    public sealed interface Outcome {

        /** The server has it, for all receivers. */
        record Accepted() implements Outcome {}

        /**
         * The server does not take it, for none of the receivers.
         *
         * @param status of SMTP: 4xx where it may take it later, or 5xx
         * @param words the server's, which may quote what it was told
         */
        record Refused(int status, String words) implements Outcome {}

        /** The server does not encrypt what it is told. */
        record Unencrypted() implements Outcome {}

        /**
         * No attempt can end better while the provider says what it says.
         *
         * @param because without what the server said
         */
        record Unusable(String because) implements Outcome {}

        /** There was no conversation, or not to its end. */
        record Broken(Reply reply) implements Outcome {}
    }

    /**
     * Makes one attempt.
     *
     * @param owner the canary that has something to tell
     * @param at the mail's date
     */
    public Outcome send(
            OutgoingClient client, CanaryKey owner, MailServer server, Mail mail, Instant at)
            throws InterruptedException {
        var session = Session.getInstance(properties(server, mail));
        MimeMessage mime;
        try {
            mime = mime(session, mail, at);
            mime.saveChanges();
        } catch (AddressException wrong) {
            return new Outcome.Unusable("one of the mail addresses cannot be used");
        } catch (MessagingException impossible) {
            throw new IllegalStateException("a mail of texts is made without help", impossible);
        }
        return client.converse(
                owner,
                server.host(),
                TIMEOUT,
                socket -> over(socket, server, mail.envelope(), session, mime),
                Outcome.Broken::new);
    }

    /** Remembers how far it came: what it knows of the server it forgets with each greeting. */
    private static final class Spoken extends SMTPTransport {
        private boolean encrypts;

        Spoken(Session session, URLName server) {
            super(session, server);
        }

        @Override
        protected void startTLS() throws MessagingException {
            encrypts = true;
            super.startTLS();
        }
    }

    private Outcome over(
            Socket socket, MailServer server, Envelope envelope, Session session, MimeMessage mime)
            throws IOException {
        var transport =
                new Spoken(
                        session,
                        new URLName(
                                "smtp",
                                server.host().name(),
                                server.host().port(),
                                null,
                                envelope.user(),
                                envelope.password()));
        boolean connected = false;
        try (var spoken = server.tls() == MailServer.Tls.AT_ONCE ? encrypted(socket) : socket) {
            transport.connect(spoken);
            connected = true;
            transport.sendMessage(mime, mime.getAllRecipients());
            close(transport);
            return new Outcome.Accepted();
        } catch (MessagingException failed) {
            boolean plain =
                    server.tls() == MailServer.Tls.REQUIRED && !connected && !transport.encrypts;
            return refused(transport, plain, failed);
        }
    }

    /**
     * What a failure comes to.
     *
     * @param plain TLS is asked for, and was not begun
     */
    private static Outcome refused(
            SMTPTransport transport, boolean plain, MessagingException failed) throws IOException {
        IOException broken = broken(failed);
        if (broken != null) {
            throw broken;
        }
        Optional<Outcome> receivers = refusedReceivers(failed);
        if (receivers.isPresent()) {
            return receivers.get();
        }
        // After a refusal it ends the mail, so the last answer may be a good one.
        int status =
                failed instanceof SMTPSendFailedException sending
                        ? sending.getReturnCode()
                        : transport.getLastReturnCode();
        if (status >= 400) {
            return new Outcome.Refused(
                    status,
                    failed instanceof SMTPSendFailedException
                            ? String.valueOf(failed.getMessage()).strip()
                            : transport.getLastServerResponse().strip());
        }
        if (failed instanceof AuthenticationFailedException) {
            return new Outcome.Unusable(
                    "the mail server takes no password by PLAIN or LOGIN, which are all there is");
        }
        if (plain && status >= 200) {
            return new Outcome.Unencrypted();
        }
        throw new IOException("the conversation ended early", failed);
    }

    /** The words for each that the server does not take; 5xx where one is refused for good. */
    private static Optional<Outcome> refusedReceivers(MessagingException failed) {
        List<SMTPAddressFailedException> all = new ArrayList<>();
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SMTPAddressFailedException one) {
                all.add(one);
            }
        }
        return all.stream()
                .map(SMTPAddressFailedException::getReturnCode)
                .max(Comparator.naturalOrder())
                .filter(status -> status >= 400)
                .map(
                        status ->
                                new Outcome.Refused(
                                        status,
                                        all.stream()
                                                .filter(
                                                        it ->
                                                                it.getReturnCode() / 100
                                                                        == status / 100)
                                                .map(it -> String.valueOf(it.getMessage()).strip())
                                                .collect(Collectors.joining("; "))));
    }

    private static @Nullable IOException broken(MessagingException failed) {
        for (@Nullable Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof IOException broken) {
                return broken;
            }
        }
        return null;
    }

    /** It has the mail: however it says goodbye. */
    private static void close(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException hurried) {
            // Nothing that a reader could miss.
        }
    }

    private SSLSocket encrypted(Socket socket) throws IOException {
        var wrapped =
                (SSLSocket)
                        tls.createSocket(
                                socket,
                                socket.getInetAddress().getHostName(),
                                socket.getPort(),
                                true);
        var parameters = wrapped.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        wrapped.setSSLParameters(parameters);
        wrapped.startHandshake();
        return wrapped;
    }

    private Properties properties(MailServer server, Mail mail) {
        var all = new Properties();
        boolean later = server.tls() != MailServer.Tls.AT_ONCE;
        all.put("mail.smtp.starttls.enable", Boolean.toString(later));
        all.put(
                "mail.smtp.starttls.required",
                Boolean.toString(server.tls() == MailServer.Tls.REQUIRED));
        all.put("mail.smtp.ssl.socketFactory", tls);
        all.put("mail.smtp.ssl.checkserveridentity", "true");
        all.put("mail.smtp.auth", Boolean.toString(mail.envelope().logsIn()));
        all.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        // Otherwise it looks up what this machine is called.
        all.put("mail.smtp.localhost", mail.domain());
        all.put("mail.smtp.from", mail.envelope().from());
        all.put("mail.smtp.quitwait", "false");
        return all;
    }

    private static MimeMessage mime(Session session, Mail mail, Instant at)
            throws MessagingException {
        var mime =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", mail.id());
                    }
                };
        mime.setFrom(sender(mail));
        for (String each : mail.envelope().to()) {
            mime.addRecipient(RecipientType.TO, new InternetAddress(each, true));
        }
        mime.setSubject(mail.subject(), UTF_8.name());
        mime.setSentDate(Date.from(at));
        // So that nobody's note of absence answers it.
        mime.setHeader("Auto-Submitted", "auto-generated");
        var both = new MimeMultipart("alternative");
        both.addBodyPart(part(mail.text(), "plain"));
        both.addBodyPart(part(mail.html(), "html"));
        mime.setContent(both);
        return mime;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, UTF_8.name(), subtype);
        return part;
    }

    private static InternetAddress sender(Mail mail) throws MessagingException {
        try {
            var sender = new InternetAddress(mail.envelope().from(), mail.speaker(), UTF_8.name());
            sender.validate();
            return sender;
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException("every JVM has UTF-8", impossible);
        }
    }
}
