package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes known secrets out of a text that somebody else wrote: an answer may echo what was sent, as
 * it was sent, escaped for JSON, HTML, an address or a form in whichever way, in hexadecimal
 * digits, or in base64, alone or within something longer, as Basic authentication has it. Values of
 * fewer than four characters stay: they keep no secret, and taking them out would make the text
 * unreadable. What is done for one text does not grow with how often a secret, or a part of it, is
 * found in another.
 */
public final class Redaction {

    private static final String HIDDEN = "[hidden]";
    private static final int SHORTEST = 4;

    /** Characters that are written for one, as JSON writes a character by its number. */
    private static final int LONGEST_ESCAPE = 6;

    /** Bytes; of what is longer, such as a file, fewer ways to write it are looked for. */
    private static final int LONGEST_CREDENTIAL = 16 * 1024;

    /** So many characters of a secret tell it: what begins like a longer one is taken for it. */
    private static final int TELLING = 256;

    /** In order, so that those that begin alike are beside each other. */
    private final String[] secrets;

    private Redaction(Set<String> secrets) {
        this.secrets =
                secrets.stream()
                        .filter(secret -> secret.length() >= SHORTEST)
                        .sorted()
                        .toArray(String[]::new);
    }

    /**
     * Hides an address in whole and in parts (all but its host), and these values; of one that is
     * an {@code Authorization}, such as {@code Basic …}, also what follows the scheme and what that
     * says.
     */
    public static Redaction of(URI address, Collection<String> values) {
        Set<String> secrets = new LinkedHashSet<>();
        secrets.add(address.toString());
        add(secrets, address.getRawUserInfo());
        addPair(secrets, address.getUserInfo());
        add(secrets, address.getRawPath());
        add(secrets, address.getPath());
        add(secrets, address.getRawQuery());
        add(secrets, address.getQuery());
        for (String parameter : parts(address.getRawQuery(), "&")) {
            String value = parameter.substring(parameter.indexOf('=') + 1);
            add(secrets, value);
            // As a form, and as some servers read it, who leave the plus sign as it is.
            add(secrets, URLDecoder.decode(value, UTF_8));
            add(secrets, URLDecoder.decode(value.replace("+", "%2B"), UTF_8));
        }
        for (String value : values) {
            add(secrets, value);
            int blank = value.indexOf(' ');
            if (blank > 0) {
                String credentials = value.substring(blank + 1).strip();
                add(secrets, credentials);
                if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
                    addPair(secrets, decoded(credentials));
                }
            }
        }
        return new Redaction(secrets);
    }

    private static void addPair(Set<String> secrets, @Nullable String pair) {
        add(secrets, pair);
        if (pair != null && pair.indexOf(':') >= 0) {
            add(secrets, pair.substring(0, pair.indexOf(':')));
            add(secrets, pair.substring(pair.indexOf(':') + 1));
        }
    }

    private static @Nullable String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private static List<String> parts(@Nullable String text, String by) {
        return text == null ? List.of() : List.of(text.split(by));
    }

    private static void add(Set<String> secrets, @Nullable String secret) {
        if (secret != null && !secret.isBlank()) {
            secrets.add(secret);
            secrets.add(new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
            secrets.add(URLEncoder.encode(secret, UTF_8));
            if (secret.length() >= SHORTEST) {
                byte[] bytes = secret.getBytes(UTF_8);
                // Without padding, which escaping would change.
                secrets.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
                secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
                if (bytes.length <= LONGEST_CREDENTIAL) {
                    secrets.add(HexFormat.of().formatHex(bytes));
                    secrets.add(HexFormat.of().withUpperCase().formatHex(bytes));
                    for (int before = 0; before < 3; before++) {
                        addBase64(secrets, bytes, before);
                    }
                }
            }
        }
    }

    /**
     * What base64 always makes of these bytes behind so many others, and whatever follows: without
     * padding, and without the digits that say something of the neighbours too.
     */
    private static void addBase64(Set<String> secrets, byte[] bytes, int before) {
        byte[] all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        int from = (before * 8 + 5) / 6;
        int to = all.length * 8 / 6;
        if (to - from >= SHORTEST) {
            secrets.add(Base64.getEncoder().encodeToString(all).substring(from, to));
            secrets.add(Base64.getUrlEncoder().encodeToString(all).substring(from, to));
        }
    }

    /**
     * The text without the secrets, cut after {@code longest} characters. A long text is cut before
     * it is searched, at a place where no secret that is told would be cut in two.
     */
    public String of(String text, int longest) {
        int kept = Math.min(text.length(), 2 * longest);
        String beginning =
                text.substring(0, Math.min(text.length(), kept + TELLING * LONGEST_ESCAPE));
        var hidden = hidden(beginning);
        var clean = new StringBuilder();
        int at = 0;
        while (at < kept && clean.length() <= longest) {
            if (hidden.get(at)) {
                clean.append(HIDDEN);
                at = Math.min(hidden.nextClearBit(at), kept);
            } else {
                clean.append(text.charAt(at++));
            }
        }
        boolean cut = at < text.length();
        if (clean.length() <= longest && !cut) {
            return clean.toString();
        }
        return clean.substring(0, Math.min(clean.length(), longest)) + "…";
    }

    /** The places of a text at which a secret stands, as it is or behind escapes. */
    private BitSet hidden(String text) {
        var hidden = new BitSet(text.length());
        for (int at = 0; at < text.length(); at++) {
            hidden.set(at, at + lengthAt(text, at));
        }
        var unescaped = UnescapedText.of(text);
        if (unescaped.differs()) {
            String read = unescaped.text();
            for (int at = 0; at < read.length(); at++) {
                int length = lengthAt(read, at);
                hidden.set(unescaped.start(at), unescaped.start(at + length));
            }
        }
        return hidden;
    }

    /**
     * How much of the text is a secret from here on, 0 for nothing. Of those that begin like the
     * text, fewer and fewer are left with each character.
     */
    private int lengthAt(String text, int at) {
        int low = 0;
        int high = secrets.length;
        int found = 0;
        for (int length = 1; at + length <= text.length(); length++) {
            char next = text.charAt(at + length - 1);
            low = firstAbove(low, high, length - 1, next - 1);
            high = firstAbove(low, high, length - 1, next);
            if (low == high) {
                break;
            }
            if (length >= TELLING || secrets[low].length() == length) {
                found = length;
            }
        }
        return found;
    }

    /** The first of these, which are alike before this place, with a later character there. */
    private int firstAbove(int from, int to, int place, int character) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            String secret = secrets[middle];
            // One that ends here is before all that go on.
            if (place < secret.length() && secret.charAt(place) > character) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public String toString() {
        return "Redaction[" + secrets.length + " secrets]";
    }
}
