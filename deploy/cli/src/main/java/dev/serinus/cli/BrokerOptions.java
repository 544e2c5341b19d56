package dev.serinus.cli;

import dev.serinus.schemas.runtime.KafkaSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;

/** Which Kafka is read: that of the Serinus on this machine, or one that is named. */
public final class BrokerOptions {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka; its other settings by KAFKA_* variables.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            description = "The running Serinus' name, as it was given to run (default: local).")
    private String clusterName = "local";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The running Serinus' data directory, as it was given to run.")
    private @Nullable Path data;

    /**
     * Has the log say what matters alone: a broker that is away is one sentence at the end, not a
     * line of its client's for each try. To be called before anything is logged.
     */
    public void quietly() {
        new LogOptions().settings(System.getenv()).forEach(System::setProperty);
        System.setProperty("SERINUS_LOG_LEVEL_LIBRARIES", "ERROR");
    }

    /** How it is reached; {@link Refused} where nothing says where it is. */
    public KafkaSettings kafka() {
        String address = bootstrapServers;
        if (address == null) {
            Path directory = data == null ? LocalSettings.dataOf(clusterName) : data;
            address = DataDirectory.bootstrapServers(directory);
            if (address.isEmpty()) {
                throw new Refused(
                        List.of(
                                "no Serinus runs with the data directory %s: name it with --cluster-name or --data, or Kafka with --bootstrap-servers"
                                        .formatted(directory)));
            }
        }
        var all = new HashMap<>(System.getenv());
        all.put("KAFKA_BOOTSTRAP_SERVERS", address);
        try {
            return KafkaSettings.from(all);
        } catch (IllegalArgumentException unusable) {
            throw new Refused(List.of(String.valueOf(unusable.getMessage())));
        }
    }
}
