package dev.serinus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Runs all of Serinus for one cluster, until it is told to end. */
@Command(
        name = "run",
        sortOptions = false,
        description = "Run the five services in one JVM for one cluster.",
        footer = {
            "",
            "Flags keep the names they have in Flagger, where it has them. Kafka's own settings"
                    + " (TLS, SASL, serializers) are taken from KAFKA_* variables, such as"
                    + " KAFKA_SECURITY_PROTOCOL=SSL."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin private RunOptions options;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        LocalSettings settings = options.settings(System.getenv());
        return Termination.guard(() -> run(settings));
    }

    private int run(LocalSettings settings) throws InterruptedException {
        try (var client = Clusters.connect(settings);
                var serinus = AllInOne.start(settings, client)) {
            var out = spec.commandLine().getOut();
            out.println("Serinus runs for cluster " + settings.installation().cluster());
            out.println("  rollouts  " + serinus.url() + "/api/rollouts");
            out.println("  health    " + serinus.url() + "/readyz, metrics at /metrics");
            out.println("  Kafka     " + serinus.bootstrapServers());
            if (settings.kafka() == null) {
                out.println("  data      " + settings.data());
            }
            out.flush();
            new CountDownLatch(1).await(); // until the signal
            return 0;
        }
    }
}
