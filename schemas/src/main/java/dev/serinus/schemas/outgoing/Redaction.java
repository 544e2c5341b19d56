package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes known secrets out of a text that somebody else wrote: an answer may echo what was sent.
 * Values of fewer than four characters stay: they keep no secret, and taking them out would make
 * the text unreadable.
 */
public final class Redaction {

    private static final String HIDDEN = "[hidden]";
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    private Redaction(Set<String> secrets) {
        this.secrets =
                secrets.stream()
                        .filter(secret -> secret.length() >= SHORTEST)
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    /** Hides an address in whole and in parts (all but its host), and these values. */
    public static Redaction of(URI address, Collection<String> values) {
        Set<String> secrets = new LinkedHashSet<>();
        secrets.add(address.toString());
        add(secrets, address.getRawUserInfo());
        add(secrets, address.getUserInfo());
        add(secrets, address.getRawPath());
        add(secrets, address.getPath());
        add(secrets, address.getRawQuery());
        add(secrets, address.getQuery());
        for (String parameter : parts(address.getRawQuery(), "&")) {
            add(secrets, parameter.substring(parameter.indexOf('=') + 1));
        }
        for (String part : parts(address.getUserInfo(), ":")) {
            add(secrets, part);
        }
        values.forEach(value -> add(secrets, value));
        return new Redaction(secrets);
    }

    private static List<String> parts(@Nullable String text, String by) {
        return text == null ? List.of() : List.of(text.split(by));
    }

    private static void add(Set<String> secrets, @Nullable String secret) {
        if (secret != null && !secret.isBlank()) {
            secrets.add(secret);
            secrets.add(new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
            secrets.add(URLEncoder.encode(secret, UTF_8));
        }
    }

    /** The text without the secrets, cut after {@code longest} characters. */
    public String of(String text, int longest) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, HIDDEN);
        }
        return clean.length() <= longest ? clean : clean.substring(0, longest) + "…";
    }

    @Override
    public String toString() {
        return "Redaction[" + secrets.size() + " secrets]";
    }
}
