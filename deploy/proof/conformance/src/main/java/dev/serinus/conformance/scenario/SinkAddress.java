package dev.serinus.conformance.scenario;

/**
 * Where the fake server listens; each scenario has a folder of its name there.
 *
 * @param http such as {@code http://127.0.0.1:18080}
 * @param https the same server with a self-signed certificate
 */
public record SinkAddress(String http, String https) {}
