package dev.serinus.analysis.api;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests for another machine's name where only this machine is served. A web page whose
 * name is made to lead here (DNS rebinding) sends its own name, and would else read what anybody on
 * this machine may read.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(property = LoopbackOnly.PROPERTY, value = "true")
final class LoopbackOnly {

    static final String PROPERTY = "serinus.loopback-only";

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    @RequestFilter
    @Nullable HttpResponse<String> check(HttpRequest<?> request) {
        if (request.getHeaders().names().isEmpty()) {
            // What stands for a request that could not be read, and is answered with 400. A page
            // in a browser always names the host that it asks.
            return null;
        }
        String asked = request.getHeaders().get(HttpHeaders.HOST);
        if (asked != null && NAMES.contains(name(asked))) {
            return null;
        }
        String words = "only localhost is served here; --http-host serves other names too";
        return request.getPath().startsWith(Answers.V1)
                ? Answers.problem(request, HttpStatus.MISDIRECTED_REQUEST, words)
                : HttpResponse.<String>status(HttpStatus.MISDIRECTED_REQUEST)
                        .contentType(MediaType.TEXT_PLAIN_TYPE)
                        .body(words);
    }

    static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }

    private static String name(String host) {
        int port = host.lastIndexOf(':');
        String name = port > host.lastIndexOf(']') ? host.substring(0, port) : host;
        return name.toLowerCase(Locale.ROOT);
    }
}
