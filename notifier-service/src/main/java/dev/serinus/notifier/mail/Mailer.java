package dev.serinus.notifier.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.topic.CanaryKey;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;

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
        return client.converse(
                owner,
                server.host(),
                TIMEOUT,
                socket -> over(socket, server, mail, at),
                Outcome.Broken::new);
    }

    private Outcome over(Socket socket, MailServer server, Mail mail, Instant at)
            throws IOException {
        var session = Session.getInstance(properties(server, mail));
        Envelope envelope = mail.envelope();
        var transport =
                new SMTPTransport(
                        session,
                        new URLName(
                                "smtp",
                                server.host().name(),
                                server.host().port(),
                                null,
                                envelope.user(),
                                envelope.password()));
        try (var spoken = server.tls() == MailServer.Tls.AT_ONCE ? encrypted(socket) : socket) {
            transport.connect(spoken);
            var mime = mime(session, mail, at);
            mime.saveChanges();
            transport.sendMessage(mime, mime.getAllRecipients());
            close(transport);
            return new Outcome.Accepted();
        } catch (MessagingException failed) {
            return refused(transport, server, failed);
        }
    }

    private static Outcome refused(
            SMTPTransport transport, MailServer server, MessagingException failed)
            throws IOException {
        int status = transport.getLastReturnCode();
        IOException broken = broken(failed);
        if (broken != null) {
            throw broken;
        }
        if (status >= 400) {
            return new Outcome.Refused(status, transport.getLastServerResponse().strip());
        }
        if (server.tls() == MailServer.Tls.REQUIRED && !transport.supportsExtension("STARTTLS")) {
            return new Outcome.Unencrypted();
        }
        throw new IOException("the conversation ended early", failed);
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
            return new InternetAddress(mail.envelope().from(), mail.speaker(), UTF_8.name());
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException("every JVM has UTF-8", impossible);
        }
    }
}
