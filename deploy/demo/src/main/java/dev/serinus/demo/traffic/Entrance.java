package dev.serinus.demo.traffic;

import java.net.URI;
import java.util.Map;

/** Through what the users come: it sends their requests where a route says. */
public interface Entrance extends AutoCloseable {

    /** Where users send their requests. */
    URI address();

    /** What each request says besides, so that the entrance knows for whom it is. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /** Returns once requests are answered by the application. */
    default void awaitOpen() throws InterruptedException {}

    /** The split that the route declares: the weight of each service; empty before there is one. */
    Map<String, Integer> weights();

    @Override
    void close();
}
