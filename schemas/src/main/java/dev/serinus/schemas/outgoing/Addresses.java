package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Reads addresses as leniently as Flagger does, and says nothing about those it cannot read. */
public final class Addresses {

    private static final String NOT_IN_A_URI = " \"<>\\^`{|}";

    private Addresses() {}

    /**
     * An absolute http or https address; characters that a URI must escape are escaped. Empty when
     * it is none.
     */
    public static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(escaped(text.strip()));
            boolean usable =
                    uri.getHost() != null
                            && uri.getScheme() != null
                            && uri.getScheme().toLowerCase(Locale.ROOT).matches("https?");
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * What an Authorization header says of the user of an address, with an empty password where it
     * has none; empty without a user.
     */
    public static Optional<String> basic(URI address) {
        return Optional.ofNullable(address.getUserInfo())
                .map(user -> user.contains(":") ? user : user + ":")
                .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
    }

    /**
     * The text as far as the slashes at its end. A pattern such as {@code /+$} begins anew at each
     * slash of a long row in the middle, and takes time in the square of its length.
     */
    public static String withoutSlashesAtTheEnd(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }

    private static String escaped(String text) {
        var uri = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c > 0x20 && c < 0x7f && NOT_IN_A_URI.indexOf(c) < 0) {
                uri.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(UTF_8)) {
                    uri.append('%').append("%02X".formatted(b));
                }
            }
        }
        return uri.toString();
    }

    /**
     * The same without the port that its scheme has anyway, and with the scheme in lower case: as
     * it is signed and sent by everybody.
     */
    public static URI withoutUsualPort(URI address) {
        int usual = "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        String port =
                address.getPort() < 0 || address.getPort() == usual ? "" : ":" + address.getPort();
        String user = address.getRawUserInfo() == null ? "" : address.getRawUserInfo() + "@";
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return URI.create(
                "%s://%s%s%s%s%s"
                        .formatted(
                                scheme,
                                user,
                                address.getHost(),
                                port,
                                address.getRawPath(),
                                query));
    }

    /**
     * True where a redirect may lead: the same host, the same port, the same scheme or from http to
     * https.
     */
    public static boolean sameSite(URI from, URI to) {
        if (to.getHost() == null || !to.getHost().equalsIgnoreCase(from.getHost())) {
            return false;
        }
        boolean upgraded =
                "http".equalsIgnoreCase(from.getScheme())
                        && "https".equalsIgnoreCase(to.getScheme());
        return upgraded
                || (from.getScheme().equalsIgnoreCase(to.getScheme()) && port(from) == port(to));
    }

    /** Where an answer says to look next; empty where a redirect may not lead there. */
    public static Optional<URI> onSameSite(URI from, String location) {
        try {
            URI to = from.resolve(location);
            return sameSite(from, to) ? Optional.of(to) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** The port it names, or that of its scheme. */
    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
