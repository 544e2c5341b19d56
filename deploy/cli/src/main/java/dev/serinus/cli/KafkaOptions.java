package dev.serinus.cli;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ErrorCauses;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Which Kafka a command is about. */
final class KafkaOptions {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka (default: KAFKA_BOOTSTRAP_SERVERS); its other settings by KAFKA_*"
                            + " variables.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description =
                    "File with Kafka's own properties, by which one logs in (default:"
                            + " KAFKA_PROPERTIES_FILE); variables win.")
    private @Nullable Path file;

    /** What is asked of a broker. */
    interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    /** True where somebody says which Kafka is meant. */
    boolean isNamed(Map<String, String> environment) {
        return bootstrapServers != null
                || file != null
                || environment.containsKey(KafkaSettings.FILE)
                || !environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "").isBlank();
    }

    /** Null when something is wrong, which is then told. */
    @Nullable KafkaSettings settings(Map<String, String> environment, List<String> wrong) {
        Map<String, String> all = new HashMap<>(environment);
        if (bootstrapServers != null) {
            all.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        }
        if (file != null) {
            all.put(KafkaSettings.FILE, file.toString());
        }
        if (all.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "").isBlank()
                && !all.containsKey(KafkaSettings.FILE)) { // which may have it
            wrong.add("--bootstrap-servers is missing, and there is no KAFKA_BOOTSTRAP_SERVERS");
            return null;
        }
        try {
            return KafkaSettings.from(all);
        } catch (IllegalArgumentException unusable) {
            wrong.add(String.valueOf(unusable.getMessage()));
            return null;
        }
    }

    /** Asks a broker; what goes wrong with it is one sentence. */
    static <T> T ask(KafkaSettings kafka, Question<T> question) throws InterruptedException {
        try (Admin admin = Kafka.admin(kafka)) {
            return question.ask(admin);
        } catch (ExecutionException | RuntimeException trouble) {
            throw new Refused(
                    List.of(
                            "Kafka at %s cannot be used: %s"
                                    .formatted(
                                            kafka.properties().get("bootstrap.servers"),
                                            ErrorCauses.shortest(trouble))));
        }
    }
}
