package dev.serinus.cli;

import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.watcher.WatcherConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The flags of {@code run}. Names are Flagger's where it has one. */
final class RunOptions {

    private static final String DEFAULT_METRICS_SERVER = "http://prometheus:9090";
    private static final Pattern CLUSTER = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** Of whoever has one cluster only and never named it; Flagger needs no name either. */
    private static final String UNNAMED = "local";

    /**
     * Of each topic of a broker in this process: all of it is decided by one thread, and each
     * decision is a transaction over every partition that it touches. More than one, so that a
     * canary which holds up its partition does not hold up all.
     */
    private static final int EMBEDDED_PARTITIONS = 3;

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            description =
                    "Name of the cluster; part of every topic and of alerts. Without it the topics"
                            + " are of cluster local, and alerts name none.")
    private @Nullable String clusterName;

    @Mixin private KubeconfigOptions kubeconfig = new KubeconfigOptions();

    @Option(
            names = "--metrics-server",
            paramLabel = "URL",
            description =
                    "Prometheus for the built-in checks (default: SERINUS_METRICS_SERVER, or"
                            + " http://prometheus:9090). In the variable it may hold a password,"
                            + " which others can read in a flag.")
    private @Nullable String metricsServerFlag;

    @Option(
            names = "--metrics-server-template",
            paramLabel = "NAMESPACE/NAME",
            description =
                    "MetricTemplate whose provider is asked in place of --metrics-server, with its"
                            + " credentials (default: SERINUS_METRICS_SERVER_TEMPLATE, or none).")
    private @Nullable String metricsServerTemplateFlag;

    @Option(
            names = "--mesh-provider",
            paramLabel = "NAME",
            description =
                    "Mesh or ingress of Canaries without spec.provider (default:"
                            + " ${DEFAULT-VALUE}).")
    private String meshProvider = Meshes.DEFAULT;

    @Option(
            names = "--namespace",
            paramLabel = "NS",
            description = "Only this namespace; without it all.")
    private @Nullable String namespace;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the embedded broker and the state are kept (default:"
                            + " ~/.local/share/serinus/CLUSTER).")
    private @Nullable Path data;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "An existing Kafka; without it a broker in this process.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--broker-port",
            paramLabel = "N",
            description = "Port of the embedded broker on 127.0.0.1 (default: any free one).")
    private int brokerPort = 0;

    @Option(
            names = {"--http-port", "--port"},
            paramLabel = "N",
            description = "Port of the API, health and metrics (default: ${DEFAULT-VALUE}).")
    private int httpPort = 8080;

    @Option(
            names = "--http-host",
            paramLabel = "ADDRESS",
            description =
                    "Address at which they are served (default: ${DEFAULT-VALUE}, this machine"
                            + " only). At another nobody acts who does not log in.")
    private String httpHost = LocalSettings.LOOPBACK;

    @Option(
            names = "--ignore-missing-rights",
            description = "Start although the account may not do all that the services do.")
    private boolean ignoreMissingRights;

    @Option(
            names = "--min-interval",
            paramLabel = "DURATION",
            description =
                    "Shorter intervals of Canaries are raised to this (default: ${DEFAULT-VALUE}).")
    private String minInterval = "10s";

    @Mixin private LabelOptions labels = new LabelOptions();

    @Option(
            names = "--enable-config-tracking",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Changed ConfigMaps and Secrets start a rollout too (default: true).")
    private boolean configTracking = true;

    @Option(
            names = "--no-cross-namespace-refs",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Refuse references to other namespaces (default: false).")
    private boolean noCrossNamespaceRefs;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Decide and tell everything, and write nothing but status (default: false).")
    private boolean dryRun;

    @Option(
            names = "--ingress-class",
            paramLabel = "NAME",
            description = "Class of the objects that Contour takes (default: none).")
    private @Nullable String ingressClass;

    @Option(
            names = "--ingress-annotations-prefix",
            paramLabel = "PREFIX",
            description = "Prefix of the annotations that NGINX reads (default: ${DEFAULT-VALUE}).")
    private String ingressAnnotationsPrefix = IngressNames.NGINX_PREFIX;

    @Option(
            names = "--fleet",
            paramLabel = "FILE",
            description =
                    "What is asked of all canaries, such as budgets (default: SERINUS_FLEET_FILE,"
                            + " or nothing).")
    private @Nullable String fleetFlag;

    @Mixin private NotificationOptions telling = new NotificationOptions();
    @Mixin private ApiOptions api = new ApiOptions();
    @Mixin private LogOptions logging = new LogOptions();
    @Mixin private FlaggerOptions flagger = new FlaggerOptions();

    LogOptions logging() {
        return logging;
    }

    FlaggerOptions flagger() {
        return flagger;
    }

    /** The cluster that is worked on; what cannot be found or used is {@link Refused}. */
    ClusterConfig cluster(Map<String, String> environment) {
        return kubeconfig.cluster(flagger.master(), environment);
    }

    boolean ignoreMissingRights() {
        return ignoreMissingRights;
    }

    /** What the flags and the environment say, or everything that is wrong with them. */
    LocalSettings settings(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        String cluster = clusterName == null ? UNNAMED : clusterName;
        checkCluster(cluster, wrong);
        kubeconfig.check(wrong);
        String metricsServer = metricsServer(environment);
        Addresses.require("--metrics-server", metricsServer, wrong);
        var template = metricsServerTemplate(environment, wrong);
        MeshProviders.check(meshProvider, wrong);
        logging.check(environment, wrong);
        flagger.check(wrong);
        var told = telling.settings(environment, clusterName != null, wrong);
        if (ingressAnnotationsPrefix.isBlank()) {
            wrong.add(
                    "--ingress-annotations-prefix must not be empty; NGINX's own is "
                            + IngressNames.NGINX_PREFIX);
        }
        checkPort("--http-port", httpPort, wrong);
        checkPort("--broker-port", brokerPort, wrong);
        Duration interval = interval(wrong);
        var limits = LimitSettings.of(environment, wrong);
        checkCalls(environment, wrong);
        var access = api.settings(environment, wrong);
        Path fleet = fleet(environment, wrong);
        var browserLogin = api.browserLogin(access, environment, wrong);
        KafkaSettings kafka = kafka(environment, wrong);
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return new LocalSettings(
                new Installation(
                        cluster,
                        namespace == null || namespace.isEmpty() ? null : namespace,
                        meshProvider,
                        metricsServer,
                        interval,
                        labels.selectorLabels(),
                        configTracking,
                        labels.includeLabelPrefixes(),
                        noCrossNamespaceRefs,
                        limits,
                        new IngressNames(ingressClass, ingressAnnotationsPrefix),
                        template,
                        dryRun),
                data == null ? LocalSettings.dataOf(cluster) : data.toAbsolutePath(),
                kafka,
                brokerPort,
                bootstrapServers == null ? EMBEDDED_PARTITIONS : Topics.PARTITIONS,
                httpHost,
                httpPort,
                told,
                access,
                browserLogin,
                fleet);
    }

    /** A file that cannot be used is told before anything starts. */
    private @Nullable Path fleet(Map<String, String> environment, List<String> wrong) {
        String written =
                fleetFlag == null ? environment.getOrDefault("SERINUS_FLEET_FILE", "") : fleetFlag;
        if (written.isBlank()) {
            return null;
        }
        try {
            Path file = Path.of(written);
            var _ = FleetFile.read(file);
            return file;
        } catch (IllegalArgumentException unusable) {
            wrong.add("--fleet: " + unusable.getMessage());
            return null;
        }
    }

    static void checkCluster(String cluster, List<String> wrong) {
        if (!CLUSTER.matcher(cluster).matches()) {
            wrong.add(
                    "--cluster-name must be lower-case letters, digits and dashes, as it becomes"
                            + " part of topic names; found '"
                            + cluster
                            + "'");
        }
    }

    /** A service that runs alone is told by the same variable. */
    private String metricsServer(Map<String, String> environment) {
        if (metricsServerFlag != null) {
            return metricsServerFlag;
        }
        String variable = environment.getOrDefault("SERINUS_METRICS_SERVER", "");
        return variable.isBlank() ? DEFAULT_METRICS_SERVER : variable;
    }

    private @Nullable NamespacedRef metricsServerTemplate(
            Map<String, String> environment, List<String> wrong) {
        if (metricsServerTemplateFlag != null && metricsServerFlag != null) {
            wrong.add(
                    "--metrics-server-template says which server is asked, and so does"
                            + " --metrics-server: leave one of them out");
        }
        String variable = environment.getOrDefault("SERINUS_METRICS_SERVER_TEMPLATE", "");
        String written = metricsServerTemplateFlag == null ? variable : metricsServerTemplateFlag;
        if (written.isBlank() && metricsServerTemplateFlag == null) {
            return null;
        }
        var ref = NamespacedRef.parse(written);
        if (ref.isEmpty()) {
            wrong.add(
                    "--metrics-server-template must be NAMESPACE/NAME of a MetricTemplate; found '"
                            + written
                            + "'");
        }
        return ref.orElse(null);
    }

    /** How the services call others is read when they start; what cannot be is told before. */
    private static void checkCalls(Map<String, String> environment, List<String> wrong) {
        for (Consumer<Map<String, String>> setting :
                List.<Consumer<Map<String, String>>>of(
                        AddressGuard::of, Proxies::of, RunOptions::checkQueries)) {
            try {
                setting.accept(environment);
            } catch (IllegalArgumentException unreadable) {
                wrong.add(String.valueOf(unreadable.getMessage()));
            }
        }
    }

    private static void checkQueries(Map<String, String> environment) {
        var _ = WatcherConfig.DEFAULTS.calling(AddressGuard.of(Map.of()), environment);
    }

    private @Nullable KafkaSettings kafka(Map<String, String> environment, List<String> wrong) {
        if (bootstrapServers == null) {
            return null;
        }
        var all = new HashMap<>(environment);
        all.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        try {
            return KafkaSettings.from(all);
        } catch (IllegalArgumentException unusable) {
            wrong.add(String.valueOf(unusable.getMessage()));
            return null;
        }
    }

    private Duration interval(List<String> wrong) {
        var interval = Durations.parse(minInterval).filter(Duration::isPositive);
        if (interval.isEmpty()) {
            wrong.add(
                    "--min-interval must be a duration above zero such as 10s or 1m; found '"
                            + minInterval
                            + "'");
        }
        return interval.orElse(Duration.ofSeconds(10));
    }

    private static void checkPort(String flag, int port, List<String> wrong) {
        if (port < 0 || port > 65_535) {
            wrong.add(flag + " must be 0 to 65535, was " + port);
        }
    }
}
