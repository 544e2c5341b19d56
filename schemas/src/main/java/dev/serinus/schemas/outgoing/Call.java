package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.canary.HeaderRules;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One HTTP call.
 *
 * @param method any method, in capitals
 * @param address where to; its user-info becomes Basic authentication, as in Flagger
 * @param headers in order; those that say how the message is framed are the client's to set
 * @param body text to send; null for none
 * @param timeout for all of it: name, connection, TLS, redirects, body
 * @param reading how much of an answer is read
 * @param proxies which proxy to go through; the client's own choice when null
 * @param anyCertificate true to talk to a server that nobody vouches for
 * @param tls who we are and whom we trust where TLS is spoken; null for nobody, and for whom the
 *     JVM trusts
 */
public record Call(
        String method,
        URI address,
        Map<String, List<String>> headers,
        @Nullable String body,
        Duration timeout,
        Reading reading,
        @Nullable Proxies proxies,
        boolean anyCertificate,
        @Nullable TlsSettings tls) {

    /**
     * How much of an answer is read.
     *
     * @param most bytes
     * @param rest true to leave out what follows, false to take a longer answer for a failure
     */
    public record Reading(int most, boolean rest) {

        /** Enough for the sentence with which a hook or a chat refuses. */
        static final Reading BEGINNING = new Reading(16 * 1024, true);

        /** All of it, or nothing when it is longer. */
        public static Reading whole(int most) {
            return new Reading(most, false);
        }
    }

    /** Throws an IllegalArgumentException that quotes nothing where HTTP forbids what is given. */
    public Call {
        if (!HeaderRules.isToken(method)) {
            throw new IllegalArgumentException("the method of a call must be a word");
        }
        if (address.getHost() == null || address.getScheme() == null) {
            throw new IllegalArgumentException("the address of a call must name a host");
        }
        var copy = new LinkedHashMap<String, List<String>>();
        headers.forEach((name, values) -> copy.put(checked(name, values), List.copyOf(values)));
        headers = copy;
    }

    /** As nobody, to those whom the JVM trusts. */
    public Call(
            String method,
            URI address,
            Map<String, List<String>> headers,
            @Nullable String body,
            Duration timeout,
            Reading reading,
            @Nullable Proxies proxies,
            boolean anyCertificate) {
        this(method, address, headers, body, timeout, reading, proxies, anyCertificate, null);
    }

    /** True for a header that HTTP needs for itself, which no call may bring. */
    public static boolean isOfHttp(String header) {
        return HeaderRules.isOfHttp(header);
    }

    private static String checked(String name, List<String> values) {
        if (!values.stream().allMatch(value -> HeaderRules.isHeader(name, value))
                || !HeaderRules.isHeader(name, "")) {
            throw new IllegalArgumentException("a header cannot be sent as it is given");
        }
        return name;
    }

    /** A POST of JSON of whose answer the beginning is read. */
    public static Call post(
            URI address, String json, Map<String, String> headers, Duration timeout) {
        return json("POST", address, json, headers, timeout);
    }

    /**
     * The same by another method; a GET has no body, and says nothing of one.
     *
     * @param headers in which a Content-Type takes the place of that of JSON
     */
    public static Call json(
            String method,
            URI address,
            String json,
            Map<String, String> headers,
            Duration timeout) {
        boolean bare = method.equals("GET");
        var all = new LinkedHashMap<String, List<String>>();
        if (!bare && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            all.put("Content-Type", List.of("application/json"));
        }
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return new Call(
                method, address, all, bare ? null : json, timeout, Reading.BEGINNING, null, false);
    }

    /** A GET of whose answer all is read, up to {@code most} bytes. */
    public static Call get(
            URI address, Map<String, List<String>> headers, Duration timeout, int most) {
        return new Call("GET", address, headers, null, timeout, Reading.whole(most), null, false);
    }

    /** The same by another method. */
    public Call using(String other) {
        return new Call(
                other, address, headers, body, timeout, reading, proxies, anyCertificate, tls);
    }

    /** The same by way of these proxies. */
    public Call through(Proxies other) {
        return new Call(
                method, address, headers, body, timeout, reading, other, anyCertificate, tls);
    }

    /** The same, to a server that nobody needs to vouch for. */
    public Call trustingAnybody() {
        return new Call(method, address, headers, body, timeout, reading, proxies, true, tls);
    }

    /** The same as whoever these settings say, and to those whom they trust. */
    public Call by(@Nullable TlsSettings other) {
        return new Call(
                method, address, headers, body, timeout, reading, proxies, anyCertificate, other);
    }

    /** Says nothing more: address, body and headers may hold secrets. */
    @Override
    public String toString() {
        return "Call[" + method + "]";
    }
}
