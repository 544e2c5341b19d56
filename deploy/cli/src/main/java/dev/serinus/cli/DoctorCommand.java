package dev.serinus.cli;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.runtime.KafkaSettings;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** Looks whether all that an installation needs is there, and says what to do about what is not. */
@Command(
        name = "doctor",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Look whether all that an installation needs is there: the cluster, its definitions,"
                + " rights, the mesh, the metrics server, Kafka, its topics and rights, clocks.",
            "A line for each, and what to do about what is wrong. Writes nothing."
        },
        footer = {
            "",
            "Ends with 0 when nothing is wrong, with 1 otherwise, and with 2 where it"
                    + " could not be told."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final Pattern ACCOUNTS = Pattern.compile("[-a-z0-9]+/[-a-z0-9.]+");

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--service-accounts",
            paramLabel = "NAMESPACE/NAME",
            description =
                    "Look at the rights of the chart's accounts NAME-watcher, NAME-router,"
                        + " NAME-webhook and NAME-notifier, too; NAME is the release's. Needs the"
                        + " right to create SubjectAccessReviews.")
    private @Nullable String serviceAccounts;

    @Option(
            names = "--mesh-provider",
            paramLabel = "NAME",
            description = "For Canaries without spec.provider (default: ${DEFAULT-VALUE}).")
    private String meshProvider = Meshes.DEFAULT;

    @Option(
            names = "--metrics-server",
            paramLabel = "URL",
            description =
                    "Prometheus of the built-in checks (default: SERINUS_METRICS_SERVER); as it is"
                            + " reached from here.")
    private @Nullable String metricsServer;

    @Mixin private AccessOptions access = new AccessOptions();

    @Mixin private KafkaOptions broker = new KafkaOptions();

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description =
                    "The settings log in at Kafka as this one of its accounts, such as"
                            + " serinus-production-router: look at what it may do, and no further.")
    private @Nullable String account;

    @Option(
            names = "--trusted",
            paramLabel = "PRINCIPAL",
            description = "Principals that may do more at Kafka, such as User:admin.")
    private List<String> trusted = List.of();

    @Mixin private LogOptions logging = new LogOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        // The clients' own warnings would be the same as the findings, in more lines.
        System.setProperty("SERINUS_LOG_LEVEL_LIBRARIES", "ERROR");
        logging.settings(System.getenv()).forEach(System::setProperty);
        return Termination.guard(() -> look(System.getenv()));
    }

    private int look(Map<String, String> environment) throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        logging.check(environment, wrong);
        access.check(wrong);
        MeshProviders.check(meshProvider, wrong);
        String metrics =
                metricsServer == null
                        ? environment.getOrDefault("SERINUS_METRICS_SERVER", "")
                        : metricsServer;
        Addresses.check("--metrics-server", metrics, wrong);
        if (serviceAccounts != null && !ACCOUNTS.matcher(serviceAccounts).matches()) {
            wrong.add("--service-accounts must be NAMESPACE/NAME, was '" + serviceAccounts + "'");
        }
        KafkaSettings kafka =
                broker.isNamed(environment) ? broker.settings(environment, wrong) : null;
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        List<Finding> all = new ArrayList<>(ofCluster());
        all.add(ofMetricsServer(metrics));
        all.addAll(ofKafka(kafka));
        return tell(all);
    }

    private List<Finding> ofCluster() throws InterruptedException {
        List<Finding> all = new ArrayList<>();
        try {
            cluster.with(
                    client -> {
                        all.addAll(ofCluster(client));
                        return 0;
                    });
        } catch (Refused refused) {
            refused.reasons()
                    .forEach(
                            each ->
                                    all.add(
                                            Finding.wrong(
                                                    each,
                                                    "name the cluster with --kubeconfig, or mend"
                                                            + " what the sentence says")));
        }
        return all;
    }

    private List<Finding> ofCluster(KubernetesClient client) throws InterruptedException {
        List<Finding> all = new ArrayList<>();
        var version = client.getKubernetesVersion();
        all.add(
                Finding.ok(
                        "the cluster answers: Kubernetes %s.%s at %s"
                                .formatted(
                                        version.getMajor(),
                                        version.getMinor(),
                                        client.getMasterUrl())));
        all.add(new ClockCheck(Instant::now).ofApiServer(client));
        var ofDefinitions = new Unanswered();
        all.addAll(
                Finding.of(
                        DefinitionsCheck.wrong(client, ofDefinitions),
                        ofDefinitions,
                        DefinitionsCheck.ADVICE,
                        "the resource definitions know all that this version does"));
        var ofRights = new Unanswered();
        all.addAll(
                Finding.of(
                        Rights.missing(client, cluster.namespace(), ofRights),
                        ofRights,
                        "deploy/manifests/rbac/README.md tells how to make accounts; this is about"
                                + " the account of the kubeconfig",
                        "the account of the kubeconfig may do all that the services do"));
        if (serviceAccounts != null) {
            all.addAll(ofServiceAccounts(client, serviceAccounts));
        }
        var ofKinds = new Unanswered();
        all.addAll(
                Finding.of(
                        InstallationCheck.missing(client, installation(), ofKinds),
                        ofKinds,
                        "install it, or choose another",
                        "the cluster knows all that %s needs".formatted(meshProvider)));
        return all;
    }

    private List<Finding> ofServiceAccounts(KubernetesClient client, String named)
            throws InterruptedException {
        String[] parts = named.split("/", 2);
        List<Finding> all = new ArrayList<>();
        for (String role : Rights.SERVICES) {
            String name = parts[1] + "-" + role;
            var unanswered = new Unanswered();
            all.addAll(
                    Finding.of(
                            Rights.missing(
                                    client, cluster.namespace(), role, parts[0], name, unanswered),
                            unanswered,
                            "helm upgrade with rbac.create=true, or apply"
                                    + " deploy/manifests/rbac/%s.yaml".formatted(role),
                            "the account %s/%s may do what the %s does"
                                    .formatted(parts[0], name, role)));
        }
        return all;
    }

    private Installation installation() {
        return new Installation(
                access.clusters().getFirst(),
                cluster.namespace(),
                meshProvider,
                "http://prometheus:9090",
                Duration.ofSeconds(10),
                List.of("app"),
                true,
                List.of(),
                false);
    }

    private static Finding ofMetricsServer(String address) throws InterruptedException {
        if (address.isEmpty()) {
            return Finding.unknown(
                    "the metrics server: none is named", "name it with --metrics-server");
        }
        var server = new MetricsServerProbe(address);
        String trouble = server.trouble();
        return trouble == null
                ? Finding.ok("the metrics server answers: " + server.address())
                : Finding.wrong(
                        "the metrics server %s does not answer: %s"
                                .formatted(server.address(), trouble),
                        "checks that ask it fail, and releases with them: start it, or name"
                                + " another");
    }

    private List<Finding> ofKafka(@Nullable KafkaSettings kafka) throws InterruptedException {
        if (kafka == null) {
            return List.of(
                    Finding.unknown(
                            "Kafka: none is named (the all-in-one may have a broker of its own)",
                            "name it with --bootstrap-servers"));
        }
        try {
            return KafkaOptions.ask(
                    kafka,
                    admin ->
                            new KafkaCheck(admin, access.table(), Set.copyOf(trusted), account)
                                    .findings());
        } catch (Refused refused) {
            return refused.reasons().stream()
                    .map(
                            each ->
                                    Finding.wrong(
                                            each,
                                            "look at --bootstrap-servers and at the properties by"
                                                    + " which one logs in (--command-config)"))
                    .toList();
        }
    }

    private int tell(List<Finding> findings) {
        var out = spec.commandLine().getOut();
        findings.forEach(each -> each.tell(out));
        long wrong =
                findings.stream().filter(each -> each.verdict() == Finding.Verdict.WRONG).count();
        out.println(wrong == 0 ? "nothing is wrong" : wrong + " things are wrong");
        out.flush();
        return wrong == 0 ? 0 : 1;
    }
}
