package dev.serinus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Runs all of Serinus for one cluster, until it is told to end. */
@Command(
        name = "run",
        sortOptions = false,
        description = "Run the five services in one JVM for one cluster.",
        footer = {
            "",
            "Flags keep the names they have in Flagger, where it has them. Flagger's flags for"
                    + " which there is no use here are taken and explained at start:",
            "  -kubeconfig-qps -kubeconfig-burst -control-loop-interval -threadiness",
            "  -enable-leader-election -leader-election-namespace -zap-replace-globals",
            "  -v -vmodule -logtostderr -alsologtostderr -stderrthreshold and klog's others;",
            "-kubeconfig-service-mesh is refused. A flag that is given twice means the last.",
            "",
            "From the environment: KAFKA_* (Kafka's own settings: TLS, SASL, serializers, such as"
                    + " KAFKA_SECURITY_PROTOCOL=SSL), SERINUS_LIMITS_* (how much one Canary may ask"
                    + " for), SERINUS_TOKEN_DIRECTORY (files with tokens for metrics),"
                    + " SERINUS_DENY_NETWORKS and SERINUS_ALLOW_LINK_LOCAL (where calls may go),"
                    + " HTTP_PROXY, HTTPS_PROXY, NO_PROXY. The READMEs of the services tell each."
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
        // Nothing has logged before: the log's configuration is read with its first line.
        options.logging().settings(System.getenv()).forEach(System::setProperty);
        LocalSettings settings = options.settings(System.getenv());
        return Termination.guard(() -> run(settings));
    }

    private int run(LocalSettings settings) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        options.flagger().notes().forEach(note -> say(out, "Note: " + note));
        var cluster = options.cluster(System.getenv());
        DataDirectory.check(settings.data()); // before anybody is waited for
        Ports.check(settings);
        try (var client = Clusters.connect(cluster, line -> say(out, line))) {
            checkRights(Rights.missing(client, settings.installation().namespace()), out);
            DefinitionsCheck.wrong(client)
                    .forEach(each -> say(out, "Note: " + each + ": " + DefinitionsCheck.ADVICE));
            InstallationCheck.missing(client, settings.installation())
                    .forEach(each -> say(out, "Note: " + each));
            try (var serinus = Termination.afterwards(() -> AllInOne.start(settings, client))) {
                introduce(settings, serinus, out);
                new CountDownLatch(1).await(); // until the signal
                return 0;
            }
        }
    }

    private void checkRights(List<String> missing, PrintWriter out) {
        if (missing.isEmpty()) {
            return;
        }
        if (options.ignoreMissingRights()) {
            missing.forEach(each -> say(out, "Missing: " + each));
            return;
        }
        List<String> all = new ArrayList<>(missing);
        all.add(
                "deploy/manifests/rbac/README.md tells how to make an account that may do all of"
                        + " it, and a kubeconfig for it; or start with --ignore-missing-rights");
        throw new Refused(all);
    }

    private static void introduce(LocalSettings settings, AllInOne serinus, PrintWriter out) {
        out.println("Serinus runs for cluster " + settings.installation().cluster());
        out.println("  dashboard " + serinus.url() + "/");
        out.println("  rollouts  " + serinus.url() + "/api/rollouts");
        out.println("  health    " + serinus.url() + "/readyz, metrics at /metrics");
        out.println("  Kafka     " + serinus.bootstrapServers());
        if (settings.kafka() == null) {
            out.println("  data      " + settings.data());
        }
        String trouble = serinus.metricsTrouble();
        if (trouble != null) {
            boolean named = settings.installation().metricsServerTemplate() == null;
            out.println(
                    "  metrics   "
                            + trouble
                            + (named ? ": choose another with --metrics-server" : ""));
        }
        if (!settings.httpHost().equals(LocalSettings.LOOPBACK)) {
            out.println("  Note: whoever reaches " + serinus.url() + " can read all rollouts.");
        }
        out.flush();
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
