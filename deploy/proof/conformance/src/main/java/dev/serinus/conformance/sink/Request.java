package dev.serinus.conformance.sink;

import java.util.List;

/**
 * A request that reached the fake server.
 *
 * @param path below the scenario's folder, beginning with a slash
 * @param query as sent, without the question mark, empty for none
 * @param headers in order, as sent
 * @param body empty for none
 */
public record Request(String method, String path, String query, List<Header> headers, String body) {

    /** A header as sent. */
    public record Header(String name, String value) {}

    public Request {
        headers = List.copyOf(headers);
    }
}
