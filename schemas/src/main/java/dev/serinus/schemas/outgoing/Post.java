package dev.serinus.schemas.outgoing;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One POST of JSON.
 *
 * @param address where to; its user-info becomes Basic authentication, as in Flagger
 * @param headers besides Content-Type, which is application/json
 * @param timeout for the whole exchange, redirects and body included
 */
public record Post(URI address, String body, Map<String, String> headers, Duration timeout) {

    public Post {
        headers = Map.copyOf(headers);
    }

    /** Says nothing: address, body and headers may hold secrets. */
    @Override
    public String toString() {
        return "Post[]";
    }
}
