package dev.serinus.broker;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The real Kafka broker, with its controller, in this process and for this machine only. Data and
 * cluster id stay in its directory from one run to the next, and are sound again after a kill.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker and returns once it serves.
     *
     * @param dataDirectory created when missing; used by one broker at a time
     * @param port on 127.0.0.1; 0 picks a free one
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) {
        return start(dataDirectory, port, null);
    }

    /**
     * The same with names, passwords and Kafka's own authorizer, as somebody else's Kafka has them.
     *
     * @param accounts those of a new data directory; one that has some keeps them
     */
    public static EmbeddedBroker start(
            Path dataDirectory, int port, @Nullable BrokerAccounts accounts) {
        return start(dataDirectory, port, accounts, null, null);
    }

    /**
     * The same over TLS. Without accounts each client shows a certificate, and its subject is who
     * it is.
     */
    public static EmbeddedBroker start(
            Path dataDirectory,
            int port,
            @Nullable BrokerAccounts accounts,
            @Nullable BrokerTls tls) {
        return start(dataDirectory, port, accounts, tls, null);
    }

    /** With accounts, and with tokens as another way to show who one is. */
    public static EmbeddedBroker start(
            Path dataDirectory, int port, BrokerAccounts accounts, BrokerTokens tokens) {
        return start(dataDirectory, port, accounts, null, tokens);
    }

    private static EmbeddedBroker start(
            Path dataDirectory,
            int port,
            @Nullable BrokerAccounts accounts,
            @Nullable BrokerTls tls,
            @Nullable BrokerTokens tokens) {
        int chosen = port == 0 ? FreePort.next() : port;
        return start(
                dataDirectory,
                chosen,
                accounts,
                BrokerSettings.of(dataDirectory, chosen, FreePort.next(), accounts, tls, tokens));
    }

    /** One that asks nobody who he is, with a second way in. */
    public static EmbeddedBroker startBeside(BrokerDetour detour, Path dataDirectory, int port) {
        var config =
                new HashMap<>(
                        BrokerSettings.of(dataDirectory, port, FreePort.next(), null, null, null));
        config.putAll(detour.settings(config));
        return start(dataDirectory, port, null, config);
    }

    private static EmbeddedBroker start(
            Path dataDirectory,
            int port,
            @Nullable BrokerAccounts accounts,
            Map<String, String> config) {
        format(dataDirectory, accounts);
        var server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker(server, "127.0.0.1:" + port);
    }

    /** What clients set as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops in good order; the data stay. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Gives a new data directory its cluster id; leaves one that has it as it is. */
    private static void format(Path dataDirectory, @Nullable BrokerAccounts accounts) {
        if (Files.exists(dataDirectory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(dataDirectory);
            var formatter =
                    new Formatter()
                            .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
                            .setNodeId(BrokerSettings.NODE_ID)
                            .setClusterId(Uuid.randomUuid().toString())
                            .addDirectory(dataDirectory.toString())
                            .setMetadataLogDirectory(dataDirectory.toString())
                            .setReleaseVersion(MetadataVersion.latestProduction())
                            .setControllerListenerName(BrokerSettings.CONTROLLER)
                            .setIgnoreFormatted(true);
            if (accounts != null) {
                formatter.setScramArguments(accounts.scramArguments());
            }
            formatter.run();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "the broker cannot use " + dataDirectory + " for its data", unwritable);
        } catch (Exception refused) {
            throw new IllegalStateException(
                    "the broker cannot prepare " + dataDirectory + " for its data", refused);
        }
    }
}
