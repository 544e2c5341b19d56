package dev.serinus.broker;

import java.util.Map;

/**
 * A second way into a broker, whose clients are told another port: they come by whatever listens
 * there, and can be cut off while all others are served.
 *
 * @param port of 127.0.0.1 at which the broker takes them
 * @param told the port of 127.0.0.1 that they are told to come to
 */
public record BrokerDetour(int port, int told) {

    private static final String NAME = "DETOUR";
    private static final String DIRECT = "PLAINTEXT";

    /** With what a broker has that knows no other way than the direct one. */
    Map<String, String> settings(Map<String, String> direct) {
        return Map.of(
                "listeners",
                "%s,%s://127.0.0.1:%d".formatted(direct.get("listeners"), NAME, port),
                "advertised.listeners",
                "%s,%s://127.0.0.1:%d".formatted(direct.get("advertised.listeners"), NAME, told),
                "listener.security.protocol.map",
                "%1$s:%1$s,%2$s:%1$s,%3$s:%1$s".formatted(DIRECT, NAME, BrokerSettings.CONTROLLER),
                "inter.broker.listener.name",
                DIRECT);
    }
}
