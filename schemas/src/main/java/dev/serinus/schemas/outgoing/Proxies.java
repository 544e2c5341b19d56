package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which proxy a call goes through: one that a manifest names, or that of the environment by the
 * customary variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Only http proxies; those are asked to
 * tunnel for https.
 */
public final class Proxies {

    /** A name, an IPv4 address or an IPv6 address in brackets, and a port. */
    private static final Pattern WITH_PORT = Pattern.compile("([^:]+|\\[.*]):(\\d{1,5})");

    private final @Nullable URI http;
    private final @Nullable URI https;
    private final List<String> direct;
    private final boolean operators;

    private Proxies(
            @Nullable URI http, @Nullable URI https, List<String> direct, boolean operators) {
        this.operators = operators;
        this.http = http;
        this.https = https;
        this.direct = direct;
    }

    /** No proxy at all. */
    public static Proxies none() {
        return new Proxies(null, null, List.of("*"), true);
    }

    /** Everything through this one, which a manifest names. */
    public static Proxies fixed(URI proxy) {
        return new Proxies(proxy, proxy, List.of(), false);
    }

    /** What the process environment says; lower-case names win, as customary. */
    public static Proxies of(Map<String, String> environment) {
        return new Proxies(
                proxy(environment, "http_proxy"),
                proxy(environment, "https_proxy"),
                Arrays.stream(variable(environment, "no_proxy").split("[,\\s]+"))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> entry.toLowerCase(Locale.ROOT))
                        .toList(),
                true);
    }

    private static @Nullable URI proxy(Map<String, String> environment, String name) {
        String text = variable(environment, name);
        if (text.isEmpty()) {
            return null;
        }
        return Addresses.parse(text.contains("://") ? text : "http://" + text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name
                                                + " must be the address of an http proxy, such as"
                                                + " http://proxy.example:3128"));
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
        return environment.getOrDefault(name, upper).strip();
    }

    /** The same for https alone: to addresses of http without a proxy. */
    Proxies ofHttps() {
        return new Proxies(null, https, direct, operators);
    }

    /** The proxy for this address; null to go there directly. */
    @Nullable URI proxyFor(URI address) {
        String host = HostText.bare(address.getHost());
        int port = Addresses.port(address);
        if (operators
                && (loopback(host)
                        || direct.stream().anyMatch(entry -> covers(entry, host, port)))) {
            return null;
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? https : http;
    }

    /** An entry is a domain, an address or a network, and may end with a port. */
    private static boolean covers(String entry, String host, int port) {
        InetAddress spelt = HostText.address(host);
        if (spelt != null && entry.indexOf('/') > 0) {
            return network(entry).filter(it -> it.contains(spelt.getAddress())).isPresent();
        }
        var written = WITH_PORT.matcher(entry);
        if (written.matches()) {
            return Integer.parseInt(written.group(2)) == port && covers(written.group(1), host);
        }
        return covers(entry, host);
    }

    private static boolean covers(String entry, String host) {
        String name = HostText.bare(entry);
        String domain = name.startsWith("*.") ? name.substring(1) : name;
        if (domain.equals("*") || domain.equals(host)) {
            return true;
        }
        return host.endsWith(domain.startsWith(".") ? domain : "." + domain);
    }

    private static Optional<Network> network(String entry) {
        try {
            return Optional.of(Network.parse(entry));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static boolean loopback(String host) {
        InetAddress spelt = HostText.address(host);
        return host.equals("localhost") || (spelt != null && spelt.isLoopbackAddress());
    }

    /** True where the operator chose the proxy, false where a manifest did. */
    boolean areTheOperators() {
        return operators;
    }

    /** Says nothing: a proxy's address may hold a password. */
    @Override
    public String toString() {
        return "Proxies[]";
    }
}
