package dev.serinus.watcher.metrics.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Encodes a query parameter as Go's url.QueryEscape does. */
final class QueryEncoding {

    private QueryEncoding() {}

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
