package dev.serinus.watcher.metrics.provider;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Encodes parts of an address as Go does. */
final class QueryEncoding {

    private static final Pattern STRAY = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private QueryEncoding() {}

    /** A name or value in the query, as by url.QueryEscape. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Names and values in this order. */
    static String form(List<HttpSource.Parameter> parameters) {
        return parameters.stream()
                .map(each -> encode(each.name()) + "=" + encode(each.value()))
                .collect(Collectors.joining("&"));
    }

    /** What a name or value in a query says; a percent sign that begins no escape is one. */
    static String decode(String text) {
        return URLDecoder.decode(STRAY.matcher(text).replaceAll("%25"), StandardCharsets.UTF_8);
    }

    /** One segment of a path, which cannot lead elsewhere. */
    static String encodePath(String text) {
        String encoded = encode(text).replace("+", "%20");
        return text.matches("\\.+") ? encoded.replace(".", "%2E") : encoded;
    }
}
