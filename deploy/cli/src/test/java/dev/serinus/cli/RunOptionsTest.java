package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.NamespacedRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class RunOptionsTest {

    @TempDir Path folder;

    @Test
    void theNameOfTheClusterIsEnoughAndTheRestIsAsInFlagger() {
        // When
        LocalSettings settings = settings(Map.of(), "--cluster-name", "production");
        // Then
        var installation = settings.installation();
        assertThat(installation.cluster()).isEqualTo("production");
        assertThat(installation.meshProvider()).isEqualTo("istio");
        assertThat(installation.metricsServer()).isEqualTo("http://prometheus:9090");
        assertThat(installation.namespace()).isNull();
        assertThat(installation.minInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(installation.selectorLabels())
                .containsExactly("app", "name", "app.kubernetes.io/name");
        assertThat(installation.configTracking()).isTrue();
        assertThat(installation.noCrossNamespaceRefs()).isFalse();
        assertThat(installation.dryRun()).isFalse();
        assertThat(settings.kafka()).isNull();
        assertThat(settings.partitions()).as("of a broker of its own").isEqualTo(3);
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.data().isAbsolute()).isTrue();
        assertThat(settings.data()).endsWithRaw(Path.of("serinus", "production"));
        assertThat(settings.telling()).isEqualTo(LocalSettings.Telling.NOBODY);
    }

    @Test
    void anAddressWithAPasswordNeedNotBeInAFlag() {
        var variable = Map.of("SERINUS_METRICS_SERVER", "https://reader:secret@prometheus.example");

        assertThat(settings(variable).installation().metricsServer())
                .isEqualTo("https://reader:secret@prometheus.example");
        assertThat(
                        settings(variable, "--metrics-server=http://thanos:9090")
                                .installation()
                                .metricsServer())
                .as("a flag is nearer")
                .isEqualTo("http://thanos:9090");
    }

    @Test
    void theLimitsOfManifestsComeFromTheEnvironmentAsInTheServices() {
        // When
        var limits =
                settings(
                                Map.of(
                                        "SERINUS_LIMITS_WEBHOOK_TIMEOUT", "2h",
                                        "SERINUS_LIMITS_WEBHOOK_RETRIES", "0",
                                        "SERINUS_LIMITS_METRICS", "80"))
                        .installation()
                        .limits();
        // Then
        assertThat(limits)
                .isEqualTo(new ManifestLimits(Duration.ofHours(2), 0, 50, 80, 20, 64 * 1024));
    }

    @Test
    void everyLimitThatCannotBeUsedIsNamed() {
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of(
                                                "SERINUS_LIMITS_WEBHOOK_TIMEOUT", "soon",
                                                "SERINUS_LIMITS_ALERTS", "0")))
                .hasMessageContaining(
                        "SERINUS_LIMITS_WEBHOOK_TIMEOUT must be a duration above zero such as 30s"
                                + " or 1h; found 'soon'")
                .hasMessageContaining(
                        "SERINUS_LIMITS_ALERTS must be a whole number, 1 or more; found '0'");
    }

    @Test
    void whatTheServicesReadWhenTheyStartIsCheckedBefore() {
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of(
                                                "SERINUS_DENY_NETWORKS", "foo",
                                                "SERINUS_WATCHER_BACKEND_QUERIES_AT_ONCE", "no",
                                                "HTTPS_PROXY", "socks5://127.0.0.1:1080"),
                                        "--metrics-server="))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("SERINUS_DENY_NETWORKS: ")
                .hasMessageContaining("SERINUS_WATCHER_BACKEND_QUERIES_AT_ONCE must be a whole")
                .hasMessageContaining("https_proxy must be the address of an http proxy")
                .hasMessageContaining("--metrics-server must be an address")
                .hasMessageContaining("it is empty");
        assertThatThrownBy(() -> settings(Map.of("SERINUS_ALLOW_LINK_LOCAL", "yes")))
                .hasMessageContaining(
                        "SERINUS_ALLOW_LINK_LOCAL must be true or false; found 'yes'");
    }

    @Test
    void aTemplateMaySayWhichServerIsAskedInPlaceOfAnAddress() {
        assertThat(settings(Map.of()).installation().metricsServerTemplate()).isNull();
        assertThat(
                        settings(Map.of(), "--metrics-server-template=monitoring/thanos")
                                .installation()
                                .metricsServerTemplate())
                .isEqualTo(new NamespacedRef("thanos", "monitoring"));
        for (String wrong : List.of("thanos", "/thanos", "monitoring/", "a/b/c", "a/../b", "")) {
            assertThatThrownBy(() -> settings(Map.of(), "--metrics-server-template=" + wrong))
                    .hasMessageContaining("must be NAMESPACE/NAME of a MetricTemplate");
        }
        var variables = Map.of("SERINUS_METRICS_SERVER_TEMPLATE", "monitoring/mimir");
        assertThat(settings(variables).installation().metricsServerTemplate())
                .isEqualTo(new NamespacedRef("mimir", "monitoring"));
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of(),
                                        "--metrics-server=http://user:secret@thanos:9090",
                                        "--metrics-server-template=monitoring/thanos"))
                .hasMessageContaining("leave one of them out")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void onePortForTwoThingsIsSaidToBeSo() {
        var settings = settings(Map.of(), "--http-port=18098", "--broker-port=18098");

        assertThatThrownBy(() -> Ports.check(settings))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--http-port and --broker-port are both 18098");
    }

    @Test
    void anAddressOfAnotherMachineIsSaidToBeSo() {
        var settings = settings(Map.of(), "--http-host=203.0.113.7");

        assertThatThrownBy(() -> Ports.check(settings))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--http-host 203.0.113.7 is no address of this machine");
    }

    @Test
    void aContextOfTheKubeconfigIsTheClusterThatIsWorkedOn() throws Exception {
        Path kubeconfig =
                Files.writeString(
                        folder.resolve("config"),
                        """
                        apiVersion: v1
                        kind: Config
                        current-context: lab
                        clusters:
                        - {name: lab, cluster: {server: 'https://127.0.0.1:6443'}}
                        - {name: live, cluster: {server: 'https://127.0.0.2:6443'}}
                        contexts:
                        - {name: lab, context: {cluster: lab, user: ada}}
                        - {name: live, context: {cluster: live, user: ada}}
                        users: [{name: ada, user: {token: s3cr3t}}]
                        """);

        assertThat(cluster("--kubeconfig=" + kubeconfig)).isEqualTo("https://127.0.0.1:6443/");
        assertThat(cluster("--kubeconfig=" + kubeconfig, "--context=live"))
                .isEqualTo("https://127.0.0.2:6443/");
        assertThat(
                        cluster(
                                "-kubeconfig=" + kubeconfig,
                                "--context=live",
                                "-master=https://10.0.0.1"))
                .startsWith("https://10.0.0.1");
    }

    private static String cluster(String... flags) {
        return options(flags).cluster(Map.of()).config().getMasterUrl();
    }

    @Test
    void everyFlagIsTakenAlsoInFlaggersOwnSpelling() throws Exception {
        // Given
        Path kubeconfig = Files.writeString(folder.resolve("config"), "");
        // When
        LocalSettings settings =
                settings(
                        Map.of("KAFKA_SECURITY_PROTOCOL", "SSL"),
                        "-cluster-name=edge",
                        "-kubeconfig=" + kubeconfig,
                        "-metrics-server=http://thanos:9090/base",
                        "-mesh-provider=gatewayapi:v1",
                        "-namespace=shop",
                        "-selector-labels=app,component",
                        "-enable-config-tracking=false",
                        "-include-label-prefix=team,cost",
                        "-no-cross-namespace-refs",
                        "--dry-run",
                        "-ingress-class=public",
                        "-ingress-annotations-prefix=nginx.example.com",
                        "-port=9000",
                        "-slack-url=https://hooks.example/secret",
                        "-slack-channel=releases",
                        "-event-webhook=https://events.example/secret",
                        "--data=" + folder,
                        "--bootstrap-servers=kafka:9093",
                        "--min-interval=1m30s");
        // Then
        var installation = settings.installation();
        assertThat(installation.metricsServer()).isEqualTo("http://thanos:9090/base");
        assertThat(installation.meshProvider()).isEqualTo("gatewayapi:v1");
        assertThat(installation.namespace()).isEqualTo("shop");
        assertThat(installation.selectorLabels()).containsExactly("app", "component");
        assertThat(installation.configTracking()).isFalse();
        assertThat(installation.includeLabelPrefixes()).containsExactly("team", "cost");
        assertThat(installation.noCrossNamespaceRefs()).isTrue();
        assertThat(installation.dryRun()).isTrue();
        assertThat(installation.ingress())
                .isEqualTo(new IngressNames("public", "nginx.example.com"));
        assertThat(installation.minInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.data()).isEqualTo(folder.toAbsolutePath());
        assertThat(settings.httpPort()).isEqualTo(9000);
        assertThat(settings.partitions()).as("of Kafka").isEqualTo(12);
        assertThat(settings.kafka()).isNotNull();
        assertThat(settings.kafka().properties())
                .containsEntry("bootstrap.servers", "kafka:9093")
                .containsEntry("security.protocol", "SSL");
        assertThat(settings.telling().chat()).isNotNull();
        assertThat(settings.telling().chat().type()).isEqualTo("slack");
        assertThat(settings.telling().chat().channel()).isEqualTo("releases");
        assertThat(settings.telling().eventWebhook()).isEqualTo("https://events.example/secret");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void aClusterWithoutANameIsNotNamedInAlerts() {
        LocalSettings settings = settings(Map.of());
        assertThat(settings.installation().cluster()).isEqualTo("local");
        assertThat(settings.telling().showCluster()).isFalse();
        assertThat(settings(Map.of(), "--cluster-name", "east").telling().showCluster()).isTrue();
    }

    @Test
    void messagesAreFlaggersUnlessMoreIsAskedFor() {
        assertThat(settings(Map.of()).telling().showEvidence()).isNull();
        assertThat(settings(Map.of(), "--show-evidence").telling().showEvidence()).isTrue();
        assertThat(settings(Map.of(), "--show-evidence=false").telling().showEvidence()).isFalse();
        assertThat(
                        settings(Map.of(), "--dashboard-url=https://serinus.example")
                                .telling()
                                .dashboard())
                .isEqualTo("https://serinus.example");
    }

    @Test
    void theEnvironmentWinsOverTheFlagsForAddresses() {
        LocalSettings settings =
                settings(
                        Map.of("SLACK_URL", "https://hooks.example/variable"),
                        "--cluster-name=a",
                        "--slack-url=https://hooks.example/flag",
                        "--slack-channel=releases");
        assertThat(settings.telling().chat()).isNotNull();
        assertThat(settings.telling().chat().address()).isEqualTo("https://hooks.example/variable");
    }

    @Test
    void allThatIsWrongIsToldAtOnceWithoutRepeatingAddresses() {
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of(),
                                        "--cluster-name=Not A Name",
                                        "--kubeconfig=/nowhere/config",
                                        "--metrics-server=prometheus",
                                        "--http-port=70000",
                                        "--min-interval=soon",
                                        "--slack-url=hooks.example/secret",
                                        "--slack-proxy-url=proxy:secret",
                                        "--event-webhook=ftp://secret",
                                        "--dashboard-url=serinus"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reasons())
                                        .hasSize(10)
                                        .noneMatch(reason -> reason.contains("secret"))
                                        .anyMatch(reason -> reason.startsWith("--cluster-name"))
                                        .anyMatch(reason -> reason.startsWith("--slack-channel"))
                                        .anyMatch(reason -> reason.startsWith("--min-interval")));
    }

    @Test
    void flagsThatDoNotExistAndValuesThatDoNotFitAreToldTogether() {
        // Given
        var err = new StringWriter();
        // When
        int code =
                Main.execute(
                        new Main(),
                        new PrintWriter(err),
                        "run",
                        "--cluster-nam=x",
                        "--http-port=many",
                        "--broker-port=few");
        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("serinus cannot start:")
                .contains("--cluster-nam=x", "--http-port", "--broker-port")
                .contains("deploy/serinus run --help lists all flags")
                .doesNotContain("\tat ");
    }

    @Test
    void whoLogsInIsSaidByFlagsOrTheEnvironment(@TempDir Path files) throws Exception {
        Path rules = Files.writeString(files.resolve("rules"), "rules: []");

        var flags =
                settings(
                        Map.of("SERINUS_API_ACTIONS_PER_MINUTE", "5"),
                        "--api-rules-file=" + rules,
                        "--api-oidc-issuer=https://sso.example",
                        "--api-oidc-audience=serinus");
        var variables =
                settings(
                        Map.of(
                                "SERINUS_API_RULES_FILE",
                                rules.toString(),
                                "SERINUS_API_ACTIONS_PER_MINUTE",
                                "5",
                                "SERINUS_API_OIDC_ISSUER",
                                "https://sso.example",
                                "SERINUS_API_OIDC_AUDIENCE",
                                "serinus"));

        assertThat(flags.access()).isEqualTo(variables.access());
        assertThat(flags.access().rulesFile()).isEqualTo(rules);
        assertThat(settings(Map.of()).access()).isEqualTo(AccessConfig.NONE);
    }

    @Test
    void whatIsAskedOfAllCanariesIsSaidByAFlagOrTheEnvironment(@TempDir Path files)
            throws Exception {
        Path fleet = Files.writeString(files.resolve("fleet"), "budgets: [{name: a, max: 1}]");
        Path wrong = Files.writeString(files.resolve("wrong"), "budgets: [{name: a, max: 0}]");

        assertThat(settings(Map.of(), "--fleet=" + fleet).fleetFile()).isEqualTo(fleet);
        assertThat(settings(Map.of("SERINUS_FLEET_FILE", fleet.toString())).fleetFile())
                .isEqualTo(fleet);
        assertThat(settings(Map.of()).fleetFile()).isNull();
        assertThatThrownBy(() -> settings(Map.of(), "--fleet=" + wrong))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reasons())
                                        .anyMatch(it -> it.contains("budgets[0].max must be")));
    }

    @Test
    void whoLogsInWithABrowserIsSaidByFlagsOrTheEnvironment(@TempDir Path files) throws Exception {
        Path secret = Files.writeString(files.resolve("secret"), "s3cr3t".repeat(6));
        String[] issuer = {"--api-oidc-issuer=https://sso.example", "--api-oidc-audience=serinus"};

        var flags =
                settings(
                        Map.of("SERINUS_API_LOGIN_LASTS", "8h"),
                        issuer[0],
                        issuer[1],
                        "--api-login-client-id=web",
                        "--api-login-client-secret-file=" + secret,
                        "--api-login-public-url=https://serinus.example");
        var variables =
                settings(
                        Map.of(
                                "SERINUS_API_LOGIN_CLIENT_ID",
                                "web",
                                "SERINUS_API_LOGIN_CLIENT_SECRET_FILE",
                                secret.toString(),
                                "SERINUS_API_LOGIN_PUBLIC_URL",
                                "https://serinus.example",
                                "SERINUS_API_LOGIN_LASTS",
                                "8h"),
                        issuer);

        assertThat(flags.browserLogin()).isEqualTo(variables.browserLogin());
        assertThat(flags.browserLogin().lasts()).isEqualTo(Duration.ofHours(8));
        assertThat(settings(Map.of()).browserLogin()).isEqualTo(LoginConfig.NONE);
    }

    @Test
    void aLoginThatCannotBeIsRefusedWithAllElse() {
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of("SERINUS_API_LOGIN_LASTS", "soon"),
                                        "--api-login-client-id=web",
                                        "--http-port=70000"))
                .hasMessageContainingAll("SERINUS_API_LOGIN_LASTS", "--http-port");
    }

    @Test
    void rulesThatCannotBeReadAreToldBeforeAnythingStarts(@TempDir Path files) throws Exception {
        Path rules = Files.writeString(files.resolve("rules"), "rules: [{verbs: [explode]}]");

        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of("SERINUS_API_ACTIONS_PER_MINUTE", "many"),
                                        "--api-rules-file=" + rules))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.reasons())
                                        .anyMatch(it -> it.contains("'explode' is no verb"))
                                        .anyMatch(
                                                it ->
                                                        it.contains(
                                                                "SERINUS_API_ACTIONS_PER_MINUTE")));
    }

    @Test
    void theDefinitionsArePrintedForKubectl() {
        // Given
        var out = new StringWriter();
        // When
        int code = new CommandLine(new CrdsCommand()).setOut(new PrintWriter(out)).execute();
        // Then
        assertThat(code).isZero();
        assertThat(List.of(out.toString().split("(?m)^---")))
                .filteredOn(
                        document ->
                                document.contains("kind: \"CustomResourceDefinition\"")
                                        || document.contains("kind: CustomResourceDefinition"))
                .hasSize(3);
    }

    private static LocalSettings settings(Map<String, String> environment, String... flags) {
        return options(flags).settings(environment);
    }

    private static RunOptions options(String... flags) {
        var options = new RunOptions();
        new CommandLine(new Holder(options)).parseArgs(Main.twoDashes(flags));
        return options;
    }

    @CommandLine.Command
    private record Holder(@CommandLine.Mixin RunOptions options) {}
}
