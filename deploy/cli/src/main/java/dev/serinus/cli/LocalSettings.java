package dev.serinus.cli;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.notifier.chat.Destination;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * How the all-in-one is run.
 *
 * @param data the broker's and the analysis' directory
 * @param kafka an existing Kafka; null for a broker in this process
 * @param brokerPort of that broker, 0 for any
 * @param partitions of each topic of a new hub
 * @param httpHost address at which the API is served
 * @param httpPort of API, health and metrics, 0 for any
 * @param telling where alerts and events go
 * @param access who logs in at the API and may do what
 * @param browserLogin how people log in there with a browser
 * @param fleetFile what is asked of all canaries, such as budgets; null for nothing
 */
public record LocalSettings(
        Installation installation,
        Path data,
        @Nullable KafkaSettings kafka,
        int brokerPort,
        int partitions,
        String httpHost,
        int httpPort,
        Telling telling,
        AccessConfig access,
        LoginConfig browserLogin,
        @Nullable Path fleetFile) {

    /** The address at which only this machine is served. */
    public static final String LOOPBACK = "127.0.0.1";

    /** One that asks nothing of all canaries together. */
    public LocalSettings(
            Installation installation,
            Path data,
            @Nullable KafkaSettings kafka,
            int brokerPort,
            int partitions,
            String httpHost,
            int httpPort,
            Telling telling,
            AccessConfig access) {
        this(
                installation,
                data,
                kafka,
                brokerPort,
                partitions,
                httpHost,
                httpPort,
                telling,
                access,
                LoginConfig.NONE,
                null);
    }

    /** One that serves this machine only. */
    public LocalSettings(
            Installation installation,
            Path data,
            @Nullable KafkaSettings kafka,
            int brokerPort,
            int partitions,
            int httpPort,
            Telling telling) {
        this(
                installation,
                data,
                kafka,
                brokerPort,
                partitions,
                LOOPBACK,
                httpPort,
                telling,
                AccessConfig.NONE);
    }

    /**
     * The chat and the event webhook of the whole installation. The addresses are secrets.
     *
     * @param showCluster chat messages name the cluster
     * @param showEvidence chat messages say what failed, and who has the traffic; null where that
     *     is not said, and follows from the dashboard
     * @param dashboard where people reach the dashboard, for links; null for none
     */
    public record Telling(
            @Nullable Destination chat,
            @Nullable String eventWebhook,
            boolean showCluster,
            @Nullable Boolean showEvidence,
            @Nullable String dashboard) {

        /** Nobody is told. */
        public static final Telling NOBODY = new Telling(null, null, true);

        /** In messages that are Flagger's. */
        public Telling(
                @Nullable Destination chat, @Nullable String eventWebhook, boolean showCluster) {
            this(chat, eventWebhook, showCluster, null, null);
        }

        @Override
        public String toString() {
            return "Telling[chat=%s, eventWebhook=%s]".formatted(chat, eventWebhook != null);
        }
    }

    /** Where the data of an installation are kept by default. */
    public static Path dataOf(String name) {
        String share = System.getenv("XDG_DATA_HOME");
        Path base =
                share == null || share.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "share")
                        : Path.of(share);
        return base.resolve("serinus").resolve(name).toAbsolutePath();
    }
}
