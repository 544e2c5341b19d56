package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
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
public final class Proxies extends ProxySelector {

    private final @Nullable URI http;
    private final @Nullable URI https;
    private final List<String> direct;

    private Proxies(@Nullable URI http, @Nullable URI https, List<String> direct) {
        this.http = http;
        this.https = https;
        this.direct = direct;
    }

    /** No proxy at all. */
    public static Proxies none() {
        return new Proxies(null, null, List.of("*"));
    }

    /** Everything through this one. */
    public static Proxies fixed(URI proxy) {
        return new Proxies(proxy, proxy, List.of());
    }

    /** What the process environment says; lower-case names win, as customary. */
    public static Proxies of(Map<String, String> environment) {
        return new Proxies(
                proxy(environment, "http_proxy"),
                proxy(environment, "https_proxy"),
                Arrays.stream(variable(environment, "no_proxy").split("[,\\s]+"))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> entry.toLowerCase(Locale.ROOT))
                        .toList());
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
        String host = address.getHost().toLowerCase(Locale.ROOT);
        boolean fixed = http != null && http.equals(https) && direct.isEmpty();
        if (!fixed && (loopback(host) || direct.stream().anyMatch(entry -> covers(entry, host)))) {
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
        if (host.equals("localhost")) {
            return true;
        }
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        return literal && InetAddress.ofLiteral(host).isLoopbackAddress();
    }

    @Override
    public List<Proxy> select(URI address) {
        URI proxy = proxyFor(address);
        if (proxy == null) {
            return List.of(Proxy.NO_PROXY);
        }
        int port = proxy.getPort() >= 0 ? proxy.getPort() : 80;
        return List.of(
                new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(proxy.getHost(), port)));
    }

    /** Nothing to do: the call that failed says so itself. */
    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException problem) {}

    /** Says nothing: a proxy's address may hold a password. */
    @Override
    public String toString() {
        return "Proxies[]";
    }
}
