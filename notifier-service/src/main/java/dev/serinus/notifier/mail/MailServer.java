package dev.serinus.notifier.mail;

import dev.serinus.schemas.outgoing.Host;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where mails are handed in.
 *
 * @param tls when what is said begins to be encrypted
 */
public record MailServer(Host host, Tls tls) {

    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;

    /** When what is said begins to be encrypted. */
    public enum Tls {
        /** Before anything is said. */
        AT_ONCE,
        /** By STARTTLS, or nothing is sent. */
        REQUIRED,
        /** By STARTTLS where it is offered. */
        OFFERED
    }

    /**
     * {@code smtps://HOST:PORT}, or {@code smtp://HOST:PORT}, which asks for STARTTLS except on
     * this machine or where {@code ?starttls=optional} follows. Empty when the text is none of
     * them.
     */
    public static Optional<MailServer> parse(String address) {
        try {
            URI uri = new URI(address.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean bare = uri.getRawPath() == null || uri.getRawPath().matches("/?");
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null
                    || !bare
                    || uri.getPort() > 65_535
                    || uri.getPort() == 0) {
                return Optional.empty();
            }
            String query = uri.getRawQuery();
            if (scheme.equals("smtps") && query == null) {
                return Optional.of(new MailServer(host(uri, SUBMISSIONS), Tls.AT_ONCE));
            }
            if (scheme.equals("smtp") && (query == null || query.equals("starttls=optional"))) {
                Host host = host(uri, SUBMISSION);
                boolean asked = query == null && !host.isLoopback();
                return Optional.of(new MailServer(host, asked ? Tls.REQUIRED : Tls.OFFERED));
            }
            return Optional.empty();
        } catch (URISyntaxException unreadable) {
            return Optional.empty();
        }
    }

    private static Host host(URI uri, int usual) {
        return new Host(uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort());
    }

    /** False where somebody on the way could read a password. */
    public boolean keepsSecrets() {
        return tls != Tls.OFFERED || host.isLoopback();
    }
}
