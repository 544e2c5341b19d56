package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which proxy a call goes through: one that a manifest names, or that of the environment by the
 * customary variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY. Only http proxies; those are asked to
 * tunnel for https.
 */
public final class Proxies {

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
                                        name + " is no address of an http proxy"));
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
        return environment.getOrDefault(name, upper).strip();
    }

    /** The proxy for this address; null to go there directly. */
    @Nullable URI proxyFor(URI address) {
        String host = HostText.bare(address.getHost());
        if (operators
                && (loopback(host) || direct.stream().anyMatch(entry -> covers(entry, host)))) {
            return null;
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? https : http;
    }

    private static boolean covers(String entry, String host) {
        String domain = entry.startsWith("*.") ? entry.substring(1) : entry;
        if (domain.equals("*") || domain.equals(host)) {
            return true;
        }
        return host.endsWith(domain.startsWith(".") ? domain : "." + domain);
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
