package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.Main;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import picocli.CommandLine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What holds in each combination of values. */
@WithHelm
class RenderedChartTest {

    private static final String SECRET = "s3cr3t";
    private static final String COMPONENT =
            "/spec/template/metadata/labels/app.kubernetes.io~1component";

    /** Combinations, with something secret in each place for which there is one. */
    enum Values {
        DEFAULT(""),
        EXISTING_KAFKA(
                """
                kafka:
                  bootstrapServers: kafka-0:9092,kafka-1:9092
                  properties: {security.protocol: SASL_SSL, sasl.mechanism: SCRAM-SHA-512}
                  secretProperties: {sasl.jaas.config: "password=s3cr3t"}
                schemaRegistry: {url: "http://reader:s3cr3t@registry:8081"}
                """),
        HUB(
                """
                mode: hub
                clusterName: production
                kafka:
                  bootstrapServers: kafka:9092
                  secretProperties: {sasl.jaas.config: "password=s3cr3t"}
                services:
                  analysis: {replicas: 3, resources: {limits: {memory: 1Gi}, requests: {cpu: 1}}}
                  router: {replicas: 2}
                """),
        HUB_ACCOUNTS(
                """
                mode: hub
                kafka:
                  bootstrapServers: kafka:9092
                  properties: {sasl.mechanism: OAUTHBEARER,
                    sasl.oauthbearer.token.endpoint.url: "https://id.example/token"}
                  secretProperties: {sasl.jaas.config: "password=s3cr3t"}
                  filesSecret: kafka-authorities
                  topics: {existingSecret: kafka-setup}
                services:
                  watcher: {kafka: {existingSecret: kafka-watcher, filesSecret: kafka-watcher}}
                  router: {kafka: {secretProperties: {sasl.jaas.config: "password=s3cr3t of it"},
                                   properties: {sasl.mechanism: SCRAM-SHA-512}}}
                """),
        HUB_BOUNDED(
                """
                mode: hub
                kafka:
                  bootstrapServers: kafka-0:9093,kafka-1:9093
                  properties: {sasl.oauthbearer.token.endpoint.url: "https://id.example:8443/token"}
                schemaRegistry: {url: "http://registry:8081"}
                api: {auth: {oidc: {issuer: "https://sso.example", audience: serinus}}}
                networkPolicy:
                  ingressFrom: [{namespaceSelector: {matchLabels: {name: ingress}}}]
                  metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
                  egress:
                    enabled: true
                    kafka: [{namespaceSelector: {matchLabels: {name: kafka}}}]
                    chats: [{ipBlock: {cidr: 192.0.2.0/24}}]
                """),
        EDGE("{mode: edge, clusterName: shop-eu, kafka: {bootstrapServers: 'kafka:9092'}}"),
        ONE_NAMESPACE("{namespace: shop, persistence: {enabled: false}}"),
        TELLING(
                """
                metricsServer: https://reader:s3cr3t@prometheus.example
                slack: {url: "https://hooks.example/s3cr3t", channel: general, token: xoxb-s3cr3t,
                        proxyUrl: "http://u:s3cr3t@proxy"}
                msteams: {url: "https://teams.example/s3cr3t", proxyUrl: "http://u:s3cr3t@proxy"}
                eventWebhook: https://events.example/s3cr3t
                """),
        HUB_TELLING(
                """
                mode: hub
                kafka: {bootstrapServers: 'kafka:9092', topics: {create: false}}
                metricsServer: https://reader:s3cr3t@prometheus.example
                slack: {url: "https://hooks.example/s3cr3t", channel: general}
                eventWebhook: https://events.example/s3cr3t
                notifications: {existingSecret: chats}
                """),
        PEOPLE(
                """
                api:
                  actionsPerMinute: 5
                  auth:
                    tokensSecret: people
                    oidc: {issuer: "https://sso.example", audience: serinus, nameClaim: email}
                    login: {clientId: web, clientSecret: sso, publicUrl: "https://serinus.example", lasts: 8h}
                    rules: [{groups: [sre], verbs: ["*"]}, {users: ["*"]}]
                fleet:
                  budgets: [{name: all, max: 3, per: cluster, scope: {namespaces: ["shop-*"]}}]
                """),
        HUB_PEOPLE(
                """
                mode: hub
                kafka: {bootstrapServers: 'kafka:9092'}
                api: {auth: {tokensSecret: people, rules: [{users: [ada], verbs: [pause]}]}}
                fleet: {budgets: [{name: all, max: 3}]}
                """),
        MEASURED("{metricsServerTemplate: serinus/prometheus, metricsServer: 'http://thanos'}"),
        OPENSHIFT("securityContext: {enabled: false}"),
        LIBRARIES(
                """
                mode: hub
                kafka:
                  bootstrapServers: kafka:9092
                  properties: {value.serializer: io.confluent.kafka.serializers.KafkaAvroSerializer}
                libraries: {image: registry.example/confluent:8.0, path: /jars}
                loadtester: {enabled: true}
                """),
        LOADTESTER(
                """
                kafka:
                  bootstrapServers: kafka:9092
                  secretProperties: {sasl.jaas.config: "password=s3cr3t"}
                  filesSecret: kafka-authorities
                loadtester:
                  enabled: true
                  name: flagger-loadtester
                  image: {repository: registry.example/loadtester, tag: "1"}
                  namespaces: [test, shop]
                  types: [bash, cmd]
                  tokenSecret: hooks
                  kafka: {enabled: true, existingSecret: kafka-loadtester}
                  env: [{name: TARGET, value: blue}]
                """),
        LOADTESTER_AS_IT_COMES("{loadtester: {enabled: true, mostLoads: 5}}"),
        LOADTESTER_WITH_JOBS(
                """
                loadtester:
                  enabled: true
                  types: [job, concord]
                  jobs: {namespaces: [shop], serviceAccountName: tests}
                """),
        EVERYTHING(
                """
                nameOverride: birds
                serviceAccount: {create: false, name: mine}
                podMonitor: {enabled: true, namespace: monitoring, additionalLabels: {a: b}}
                serviceMonitor: {enabled: true, namespace: monitoring, labels: {a: b}}
                linkerdAuthPolicy: {create: true}
                prometheusRule: {enabled: true, labels: {release: prometheus}}
                dashboards: {enabled: true, namespace: grafana, annotations: {folder: Serinus}}
                podLabels: {team: platform}
                podAnnotations: {}
                annotations: {a: b}
                deploymentLabels: {c: d}
                affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
                  {topologyKey: zone, labelSelector: {matchLabels: {
                    app.kubernetes.io/name: '{{ template "flagger.name" . }}'}}}]}}
                env: [{name: SLACK_URL, valueFrom: {secretKeyRef: {name: slack, key: url}}}]
                slack: {url: "https://hooks.example/s3cr3t", channel: general}
                additionalVolumes: [{name: ca, configMap: {name: ca}}]
                additionalVolumeMounts: [{name: ca, mountPath: /etc/ca}]
                networkPolicy:
                  metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
                  egress: {enabled: true, more: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
                image: {repository: registry.example/serinus, tag: "1", pullSecret: pull}
                includeLabelPrefix: "*"
                """);

        private final String text;

        Values(String text) {
            this.text = text;
        }

        Rendered rendered() {
            return Rendered.of(text);
        }
    }

    @Test
    void helmFindsNothingToComplainAbout() {
        assertThat(Helm.run("lint", "--strict", Helm.CHART.toString()).orFail())
                .contains("0 chart(s) failed");
    }

    @ParameterizedTest
    @EnumSource
    void everyPodIsAsPodSecurityRestrictedWantsIt(Values values) {
        var chart = values.rendered();

        assertThat(chart.pods())
                .isNotEmpty()
                .allSatisfy(
                        pod -> {
                            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean())
                                    .isTrue();
                            assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                                    .isEqualTo("RuntimeDefault");
                            assertThat(pod.path("hostNetwork").isMissingNode()).isTrue();
                        });
        assertThat(chart.containers())
                .isNotEmpty()
                .allSatisfy(
                        container -> {
                            var security = container.path("securityContext");
                            assertThat(security.path("allowPrivilegeEscalation"))
                                    .hasToString("false");
                            assertThat(security.path("readOnlyRootFilesystem")).hasToString("true");
                            assertThat(security.at("/capabilities/drop")).hasToString("[\"ALL\"]");
                        });
    }

    @ParameterizedTest
    @EnumSource
    void everyContainerHasBoundsAndEveryServiceProbes(Values values) {
        var chart = values.rendered();

        assertThat(chart.containers())
                .allSatisfy(
                        container -> {
                            assertThat(container.at("/resources/limits/memory").asText())
                                    .isNotEmpty();
                            assertThat(container.at("/resources/requests").isEmpty()).isFalse();
                        });
        assertThat(chart.pods())
                .allSatisfy(
                        pod -> {
                            var service = pod.path("containers").path(0);
                            assertThat(service.at("/livenessProbe/httpGet/path").asText())
                                    .isEqualTo("/healthz");
                            assertThat(service.at("/startupProbe/httpGet/path").asText())
                                    .isEqualTo("/healthz");
                            assertThat(service.at("/readinessProbe/httpGet/path").asText())
                                    .isEqualTo("/readyz");
                            assertThat(service.at("/ports/0/name").asText()).isEqualTo("http");
                        });
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSecretIsInSecretsOnly(Values values) {
        assertThat(values.rendered().objects())
                .filteredOn(object -> !object.path("kind").asText().equals("Secret"))
                .allSatisfy(object -> assertThat(object.toString()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @EnumSource
    void everySecretThatIsNamedIsThere(Values values) {
        var chart = values.rendered();

        for (JsonNode container : chart.containers()) {
            for (JsonNode variable : container.path("env")) {
                var reference = variable.at("/valueFrom/secretKeyRef");
                String name = reference.path("name").asText();
                if (name.startsWith(Rendered.RELEASE)) {
                    assertThat(
                                    chart.one("Secret", name)
                                            .path("stringData")
                                            .has(reference.path("key").asText()))
                            .as("%s in Secret %s", reference.path("key"), name)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noVariableIsNamedTwice(Values values) {
        assertThat(values.rendered().containers())
                .allSatisfy(
                        container ->
                                assertThat(texts(container.path("env"), "name"))
                                        .doesNotHaveDuplicates());
    }

    @ParameterizedTest
    @EnumSource
    void everyPodOfAWorkloadIsFoundByItsSelectorAndByNoOthers(Values values) {
        var chart = values.rendered();
        var all = chart.workloads();

        for (JsonNode workload : all) {
            var selector = workload.at("/spec/selector/matchLabels");
            assertThat(all)
                    .filteredOn(other -> has(other.at("/spec/template/metadata/labels"), selector))
                    .containsExactly(workload);
        }
        assertThat(chart.kind("PodDisruptionBudget").toList()).hasSameSizeAs(all);
        assertThat(chart.kind("PodDisruptionBudget"))
                .allSatisfy(
                        budget -> {
                            assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
                            assertThat(budget.at("/spec/minAvailable").isMissingNode()).isTrue();
                        });
        assertThat(chart.kind("NetworkPolicy").toList()).hasSameSizeAs(all);
        for (String kind : List.of("Service", "NetworkPolicy")) {
            assertThat(chart.kind(kind))
                    .allSatisfy(
                            object -> {
                                var selector =
                                        kind.equals("Service")
                                                ? object.at("/spec/selector")
                                                : object.at("/spec/podSelector/matchLabels");
                                assertThat(all)
                                        .filteredOn(
                                                workload ->
                                                        has(
                                                                workload.at(
                                                                        "/spec/template/metadata/labels"),
                                                                selector))
                                        .hasSize(1);
                            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void podsOfAWorkloadAreSpreadOverZonesAndNodesWhereThatCanBe(Values values) {
        assertThat(values.rendered().workloads())
                .filteredOn(workload -> !workload.at(COMPONENT).asText().equals("loadtester"))
                .isNotEmpty()
                .allSatisfy(
                        workload -> {
                            var constraints =
                                    workload.at("/spec/template/spec/topologySpreadConstraints");
                            assertThat(constraints.findValuesAsText("topologyKey"))
                                    .containsExactly(
                                            "topology.kubernetes.io/zone",
                                            "kubernetes.io/hostname");
                            assertThat(constraints)
                                    .allSatisfy(
                                            each -> {
                                                assertThat(each.path("whenUnsatisfiable").asText())
                                                        .isEqualTo("ScheduleAnyway");
                                                assertThat(each.at("/labelSelector/matchLabels"))
                                                        .isEqualTo(
                                                                workload.at(
                                                                        "/spec/selector/matchLabels"));
                                            });
                        });
    }

    @ParameterizedTest
    @EnumSource
    void everyAccountThatIsNamedIsThereOrTheUsersOwn(Values values) {
        var chart = values.rendered();
        Set<String> accounts =
                chart.kind("ServiceAccount")
                        .map(each -> each.at("/metadata/name").asText())
                        .collect(Collectors.toSet());
        accounts.addAll(Set.of("default", "mine"));

        assertThat(chart.pods())
                .allSatisfy(
                        pod ->
                                assertThat(accounts)
                                        .contains(pod.path("serviceAccountName").asText()));
        for (String kind : List.of("RoleBinding", "ClusterRoleBinding")) {
            assertThat(chart.kind(kind))
                    .allSatisfy(
                            binding -> {
                                assertThat(accounts)
                                        .contains(binding.at("/subjects/0/name").asText());
                                var _ =
                                        chart.one(
                                                binding.at("/roleRef/kind").asText(),
                                                binding.at("/roleRef/name").asText());
                            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyArgumentIsOneThatTheCommandTakes(Values values) {
        assertThat(values.rendered().containers())
                .filteredOn(container -> container.has("args"))
                .allSatisfy(
                        container -> {
                            List<String> arguments = new ArrayList<>();
                            container.path("args").forEach(each -> arguments.add(each.asText()));
                            // Throws where one is unknown or cannot be read.
                            var parsed =
                                    new CommandLine(new Main())
                                            .parseArgs(arguments.toArray(String[]::new));
                            assertThat(parsed.unmatched()).isEmpty();
                            assertThat(parsed.subcommand()).isNotNull();
                        });
    }

    @Test
    void whoDecidesIsToldWhatIsAskedOfAllCanariesAndNobodyElseIs() {
        for (var values : List.of(Values.PEOPLE, Values.HUB_PEOPLE)) {
            var chart = values.rendered();
            var told =
                    chart.containers().stream()
                            .filter(
                                    container ->
                                            texts(container.path("env"), "name")
                                                    .contains("SERINUS_FLEET_FILE"))
                            .toList();

            assertThat(told).hasSize(1);
            assertThat(texts(told.getFirst().path("volumeMounts"), "name")).contains("fleet");
            assertThat(
                            chart.one("ConfigMap", "green-serinus-fleet")
                                    .at("/data/fleet.yaml")
                                    .asText())
                    .contains("name: all");
        }
        assertThat(Values.DEFAULT.rendered().objects().toString()).doesNotContain("FLEET");
    }

    @Test
    void whoServesTheApiIsToldWhoMayActAndNobodyElseIs() {
        for (var values : List.of(Values.PEOPLE, Values.HUB_PEOPLE)) {
            var chart = values.rendered();
            var told =
                    chart.containers().stream()
                            .filter(
                                    container ->
                                            texts(container.path("env"), "name")
                                                    .contains("SERINUS_API_RULES_FILE"))
                            .toList();

            assertThat(told).hasSize(1);
            assertThat(texts(told.getFirst().path("env"), "name"))
                    .contains("SERINUS_API_TOKENS_FILE");
            assertThat(texts(told.getFirst().path("volumeMounts"), "name"))
                    .contains("api-tokens", "api-rules");
            assertThat(chart.one("ConfigMap", "green-serinus-api").at("/data/rules.yaml").asText())
                    .startsWith("rules:");
        }
        assertThat(Values.PEOPLE.rendered().containers().toString())
                .contains("SERINUS_API_OIDC_ISSUER", "SERINUS_API_ACTIONS_PER_MINUTE");
        assertThat(Values.DEFAULT.rendered().objects().toString()).doesNotContain("SERINUS_API");
    }

    /** The address of the login serves where nobody names another, but for Flagger's messages. */
    @Test
    void messagesLeadToWherePeopleReachTheDashboard() {
        String login =
                "api: {auth: {oidc: {issuer: 'https://sso.example', audience: serinus}, login:"
                        + " {clientId: web, clientSecret: sso, publicUrl: 'https://a.example'}}}\n";

        assertThat(link("")).isEmpty();
        assertThat(link(login)).contains("https://a.example");
        assertThat(link(login + "notifications: {dashboardUrl: 'https://b.example'}"))
                .contains("https://b.example");
        assertThat(link(login + "notifications: {showEvidence: false}")).isEmpty();
    }

    private static Optional<String> link(String values) {
        return Rendered.of(values).containers().stream()
                .flatMap(container -> container.path("env").valueStream())
                .filter(it -> it.path("name").asText().equals("SERINUS_NOTIFIER_DASHBOARD_URL"))
                .map(it -> it.path("value").asText())
                .findFirst();
    }

    @Test
    void eachModeHasItsWorkloads() {
        assertThat(names(Values.DEFAULT.rendered())).containsExactly("green-serinus");
        assertThat(names(Values.HUB.rendered()))
                .containsExactlyInAnyOrder(
                        "green-serinus-analysis",
                        "green-serinus-watcher",
                        "green-serinus-router",
                        "green-serinus-webhook",
                        "green-serinus-notifier");
        assertThat(names(Values.EDGE.rendered()))
                .containsExactlyInAnyOrder(
                        "green-serinus-watcher",
                        "green-serinus-router",
                        "green-serinus-webhook",
                        "green-serinus-notifier");
    }

    @Test
    void theLoadTesterIsInNobodysNameAndIsGivenNothingOfTheServices() {
        var chart = Values.LOADTESTER.rendered();
        var pod = chart.one("Deployment", "flagger-loadtester").at("/spec/template/spec");
        var container = pod.path("containers").path(0);

        assertThat(chart.one("Service", "flagger-loadtester").at("/spec/ports/0/port").asInt())
                .isEqualTo(80);
        assertThat(pod.path("automountServiceAccountToken")).hasToString("false");
        assertThat(pod.path("serviceAccountName").asText()).isEqualTo("default");
        assertThat(texts(container.path("env"), "name"))
                .contains("KAFKA_BOOTSTRAP_SERVERS", "SERINUS_LOADTESTER_TOKEN_FILE", "TARGET")
                .doesNotContain("KAFKA_SASL_JAAS_CONFIG");
        assertThat(container.path("envFrom"))
                .hasToString("[{\"secretRef\":{\"name\":\"kafka-loadtester\"}}]");
        assertThat(texts(pod.path("volumes"), "name")).containsExactly("tmp", "token");
        assertThat(
                        chart.one("Deployment", "flagger-loadtester")
                                .at("/spec/template/metadata/labels/app")
                                .asText())
                .isEqualTo("loadtester");
        // Whoever reaches it has commands run.
        assertThat(chart.one("NetworkPolicy", "flagger-loadtester").at("/spec/ingress/0/from"))
                .hasSize(1);
        assertThat(names(Values.DEFAULT.rendered())).containsExactly("green-serinus");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                | true
                    {loadtester: {tokenSecret: t}}                                    | true
                    {loadtester: {tokenSecret: t}, networkPolicy: {metricsFrom: [A]}} | false
                    {networkPolicy: {enabled: false}}                                 | false
                    {loadtester: {enabled: false}}                                    | false
                    """)
    void aLoadTesterThatNobodyMayScrapeIsNoTarget(String values, boolean passedOver) {
        var given =
                (ObjectNode)
                        new KubernetesSerialization()
                                .unmarshal(
                                        "---\n" + values.replace("A", "{podSelector: {}}"),
                                        JsonNode.class);
        var loadtester = given.withObject("loadtester");
        loadtester.put("enabled", loadtester.path("enabled").asBoolean(true));
        given.withObject("podMonitor").put("enabled", true);
        given.withObject("serviceMonitor").put("enabled", true);

        var chart = Rendered.of(given.toString());

        assertThat(
                        chart.one("PodMonitor", "green-serinus")
                                .at("/spec/selector/matchExpressions/0/values/0")
                                .asText())
                .isEqualTo(passedOver ? "loadtester" : "");
        assertThat(
                        chart.one("ServiceMonitor", "green-serinus")
                                .at("/spec/endpoints/0/relabelings/0/regex")
                                .asText())
                .isEqualTo(passedOver ? "loadtester" : "");
    }

    @ParameterizedTest
    @CsvSource({
        "all-in-one, {}, green-serinus, enabled",
        "all-in-one, {linkerd.io/inject: disabled}, green-serinus, disabled",
        "hub, {}, green-serinus-watcher, enabled",
        "hub, {}, green-serinus-router, ''",
    })
    void whoAsksLinkerdsPrometheusIsInItsMesh(
            String mode, String annotations, String name, String inject) {
        var chart =
                Rendered.of(
                        """
                        mode: %s
                        kafka: {bootstrapServers: 'kafka:9092'}
                        linkerdAuthPolicy: {create: true}
                        podAnnotations: %s
                        """
                                .formatted(mode, annotations));

        assertThat(chart.workloads())
                .filteredOn(workload -> workload.at("/metadata/name").asText().equals(name))
                .singleElement()
                .satisfies(
                        workload ->
                                assertThat(
                                                workload.at("/spec/template/metadata/annotations")
                                                        .path("linkerd.io/inject")
                                                        .asText())
                                        .isEqualTo(inject));
        assertThat(chart.kind("AuthorizationPolicy")).hasSize(1);
    }

    @Test
    void everyPodThatMakesCallsIsToldWhereToItMayNot() {
        for (String mode : List.of("all-in-one", "hub")) {
            var chart =
                    Rendered.of(
                            """
                            mode: %s
                            kafka: {bootstrapServers: 'kafka:9092'}
                            denyNetworks: 10.0.0.0/8
                            allowLinkLocal: true
                            loadtester: {enabled: true}
                            """
                                    .formatted(mode));
            assertThat(chart.workloads())
                    .filteredOn(it -> it.path("kind").asText().matches("Deployment|StatefulSet"))
                    .isNotEmpty()
                    .allSatisfy(
                            it ->
                                    assertThat(
                                                    it.at("/spec/template/spec/containers/0/env")
                                                            .toString())
                                            .contains(
                                                    "{\"name\":\"SERINUS_DENY_NETWORKS\",\"value\":\"10.0.0.0/8\"}",
                                                    "{\"name\":\"SERINUS_ALLOW_LINK_LOCAL\",\"value\":\"true\"}"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jobs: {namespaces: [shop]} | true",
                "types: [job, kubectl], jobs: {namespaces: [shop]} | true",
                "namespaces: [shop, web], jobs: {namespaces: [shop]} | true",
                "namespaces: [shop], jobs: {namespaces: [shop, web]} | false",
                "types: [job, concord, ngrinder], jobs: {namespaces: [shop]} | false",
                "jobs: {namespaces: [shop], besideCommands: true} | false",
            })
    void commandsOfOthersHaveNoRightsForJobsUnlessSomebodySaysSo(String values, boolean refused) {
        var outcome = Rendered.attempt("loadtester: {enabled: true, " + values + "}");

        assertThat(outcome.out().contains("commands of hooks have the rights for Jobs there too"))
                .as(outcome.out())
                .isEqualTo(refused);
        assertThat(outcome.code() != 0).isEqualTo(refused);
    }

    @Test
    void noJobsAreMadeBesideTheSecretsOfTheRelease() {
        var outcome =
                Rendered.attempt(
                        "loadtester: {enabled: true, types: [job], jobs: {namespaces: [%s]}}"
                                .formatted(Rendered.NAMESPACE));

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.out()).contains("a Job there may mount the Secrets of Serinus");
    }

    @Test
    void theLoadTesterHasRightsWhereItIsToHaveJobsMadeAndNowhereElse() {
        var chart = Values.LOADTESTER_WITH_JOBS.rendered();
        String name = "green-serinus-loadtester";
        var pod = chart.one("Deployment", name).at("/spec/template/spec");
        var role = chart.one("Role", name);

        assertThat(pod.path("serviceAccountName").asText()).isEqualTo(name);
        assertThat(pod.path("automountServiceAccountToken")).hasToString("true");
        assertThat(pod.at("/containers/0/env").toString())
                .contains(
                        "{\"name\":\"SERINUS_LOADTESTER_JOBS_NAMESPACES\",\"value\":\"shop\"}",
                        "{\"name\":\"SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT\",\"value\":\"tests\"}");
        assertThat(chart.one("ServiceAccount", name).at("/metadata/namespace").asText())
                .isEqualTo(Rendered.NAMESPACE);
        assertThat(role.at("/metadata/namespace").asText()).isEqualTo("shop");
        assertThat(resources(role))
                .containsExactlyInAnyOrder("configmaps", "jobs", "pods", "pods/log");
        assertThat(chart.one("RoleBinding", name).at("/metadata/namespace").asText())
                .isEqualTo("shop");
        assertThat(chart.one("RoleBinding", name).at("/subjects/0/name").asText()).isEqualTo(name);
        assertThat(chart.kind("ClusterRole").map(it -> it.at("/metadata/name").asText()))
                .noneMatch(it -> it.contains("loadtester"));
        var without = Values.LOADTESTER_AS_IT_COMES.rendered();
        assertThat(
                        Stream.of("ServiceAccount", "Role", "RoleBinding", "ClusterRoleBinding")
                                .flatMap(without::kind)
                                .map(it -> it.at("/metadata/name").asText()))
                .noneMatch(it -> it.contains("loadtester"));
    }

    @Test
    void theLoadTesterHasAnImageOfOursUnlessAnotherIsNamed() {
        var ours = Values.LOADTESTER_AS_IT_COMES.rendered();
        var container =
                ours.one("Deployment", "green-serinus-loadtester")
                        .at("/spec/template/spec/containers/0");
        var another =
                Values.LOADTESTER
                        .rendered()
                        .one("Deployment", "flagger-loadtester")
                        .at("/spec/template/spec/containers/0");

        assertThat(container.path("image").asText())
                .matches("ghcr\\.io/serinus-dev/serinus-loadtester:[0-9].*");
        assertThat(container.path("env").toString())
                .contains("{\"name\":\"SERINUS_LOADTESTER_MOST_LOADS\",\"value\":\"5\"}");
        assertThat(another.path("image").asText()).isEqualTo("registry.example/loadtester:1");
    }

    @Test
    void rightsForOneNamespaceAreOfThatNamespaceButForWhatHasNone() {
        var chart = Values.ONE_NAMESPACE.rendered();

        assertThat(chart.kind("Role"))
                .hasSize(4)
                .allSatisfy(
                        role ->
                                assertThat(role.at("/metadata/namespace").asText())
                                        .isEqualTo("shop"));
        assertThat(chart.kind("ClusterRole").flatMap(role -> resources(role).stream()).distinct())
                .containsExactlyInAnyOrder("namespaces", "customresourcedefinitions", "meshes");
    }

    @Test
    void theAnalysisHasNoAccountInTheCluster() {
        var pod =
                Values.HUB
                        .rendered()
                        .one("StatefulSet", "green-serinus-analysis")
                        .at("/spec/template/spec");

        assertThat(pod.path("automountServiceAccountToken")).hasToString("false");
        assertThat(pod.path("serviceAccountName").asText()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource({
        "analysis, ingress monitoring, 53 9093 8081 8443 443",
        "watcher, monitoring, 53 9093 8081 8443 443 6443 any",
        "router, monitoring, 53 9093 8081 8443 443 6443",
        "webhook, monitoring, 53 9093 8081 8443 443 6443 any",
        "notifier, monitoring, 53 9093 8081 8443 443 6443 192.0.2.0/24"
    })
    void eachServiceIsReachedByAndReachesWhatItsWorkNeeds(
            String service, String reachedBy, String reaches) {
        var policy = Values.HUB_BOUNDED.rendered().one("NetworkPolicy", "green-serinus-" + service);

        assertThat(policy.at("/spec/ingress/0/ports/0/port").asText()).isEqualTo("http");
        assertThat(policy.at("/spec/ingress").findValuesAsText("name"))
                .containsExactly(reachedBy.split(" "));
        List<String> found = new ArrayList<>();
        for (JsonNode rule : policy.at("/spec/egress")) {
            var ports = rule.findValuesAsText("port");
            found.addAll(ports.isEmpty() ? rule.findValuesAsText("cidr") : ports);
            if (rule.isEmpty()) {
                found.add("any");
            }
            assertThat(rule.findValuesAsText("name").contains("kafka"))
                    .isEqualTo(ports.contains("9093"));
        }
        assertThat(found.stream().distinct()).containsExactly(reaches.split(" "));
    }

    @Test
    void callsAreBoundedOnlyWhereSomebodyWantsIt() {
        assertThat(Values.HUB.rendered().kind("NetworkPolicy"))
                .allSatisfy(
                        policy -> {
                            assertThat(policy.at("/spec/policyTypes")).hasToString("[\"Ingress\"]");
                            assertThat(policy.at("/spec").has("egress")).isFalse();
                            assertThat(policy.at("/spec/ingress/0/from"))
                                    .hasToString("[{\"namespaceSelector\":{}}]");
                        });
    }

    @Test
    void theDefinitionsAreChangedWithTheReleaseAndOutliveIt() {
        assertThat(Values.DEFAULT.rendered().kind("CustomResourceDefinition"))
                .hasSize(3)
                .allSatisfy(
                        definition ->
                                assertThat(
                                                definition
                                                        .at("/metadata/annotations")
                                                        .path("helm.sh/resource-policy")
                                                        .asText())
                                        .isEqualTo("keep"));
        assertThat(Rendered.of("crd: {create: false}").kind("CustomResourceDefinition")).isEmpty();
    }

    @Test
    void thePackagedChartIsTheSame(@TempDir Path folder) throws Exception {
        var _ = Helm.run("package", Helm.CHART.toString(), "-d", folder.toString()).orFail();
        try (var packaged = Files.list(folder)) {
            String file = packaged.findFirst().orElseThrow().toString();

            assertThat(Helm.run("template", "green", file).orFail())
                    .isEqualTo(Helm.run("template", "green", Helm.CHART.toString()).orFail());
        }
    }

    @Test
    void metricsAreScrapedWhereTheyAreServed() {
        assertThat(scraped("listen: {port: 9000}")).isEqualTo("9000");
        assertThat(scraped("podAnnotations: {prometheus.io/port: '1234'}")).isEqualTo("1234");
        assertThat(scraped("podAnnotations: {prometheus.io/scrape: 'false'}")).isEmpty();
    }

    private static String scraped(String values) {
        return Rendered.of(values)
                .workloads()
                .getFirst()
                .at("/spec/template/metadata/annotations")
                .path("prometheus.io/port")
                .asText();
    }

    @Test
    void rulesAndDashboardsAreForWhoeverLooksForThem() throws Exception {
        var chart = Values.EVERYTHING.rendered();
        var rules = chart.kind("PrometheusRule").findFirst().orElseThrow();

        assertThat(rules.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(rules.at("/spec/groups").findValuesAsText("alert"))
                .contains("SerinusAbsent", "SerinusReleaseTakenBack");
        // Prometheus fills these in, not Helm.
        assertThat(rules.toString()).contains("{{ $labels.namespace }}/{{ $labels.name }}");
        var boards =
                chart.kind("ConfigMap")
                        .filter(map -> map.at("/metadata/labels").has("grafana_dashboard"))
                        .toList();
        assertThat(boards)
                .extracting(map -> map.at("/metadata/namespace").asText())
                .containsOnly("grafana")
                .hasSize(3);
        for (var board : boards) {
            for (var file : board.path("data")) {
                assertThat(new ObjectMapper().readTree(file.asText()).path("panels")).isNotEmpty();
            }
        }
        assertThat(Rendered.of("").kind("PrometheusRule")).isEmpty();
    }

    @Test
    void theServerOfTheChecksMayBeATemplates() {
        var one = Values.MEASURED.rendered();
        var hub =
                Rendered.of(
                        "{mode: hub, kafka: {bootstrapServers: 'kafka:9092'},"
                                + " metricsServerTemplate: serinus/prometheus}");

        assertThat(one.containers().stream().map(each -> each.path("args").toString()))
                .anySatisfy(
                        arguments ->
                                assertThat(arguments)
                                        .contains("--metrics-server-template=serinus/prometheus")
                                        .doesNotContain("--metrics-server="));
        assertThat(hub.containers().stream().map(each -> each.path("env").toString()))
                .anySatisfy(
                        variables ->
                                assertThat(variables)
                                        .contains(
                                                "{\"name\":\"SERINUS_METRICS_SERVER_TEMPLATE\","
                                                        + "\"value\":\"serinus/prometheus\"}"));
    }

    @Test
    void aServiceLogsInAtKafkaAsItselfAndKnowsNoOthersSecret() {
        var chart = Values.HUB_ACCOUNTS.rendered();

        assertThat(login(chart, "router", "containers"))
                .containsEntry("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
                .containsEntry(
                        "KAFKA_SASL_JAAS_CONFIG", "green-serinus/router.KAFKA_SASL_JAAS_CONFIG")
                .doesNotContainKey("from");
        assertThat(login(chart, "watcher", "containers"))
                .containsEntry("from", "kafka-watcher")
                .doesNotContainKey("KAFKA_SASL_JAAS_CONFIG");
        assertThat(login(chart, "webhook", "containers"))
                .containsEntry("KAFKA_SASL_JAAS_CONFIG", "green-serinus/KAFKA_SASL_JAAS_CONFIG");
        // Whoever makes the topics is nobody else.
        assertThat(login(chart, "analysis", "initContainers"))
                .containsEntry("from", "kafka-setup")
                .doesNotContainKey("KAFKA_SASL_JAAS_CONFIG");
        assertThat(files(chart, "watcher")).isEqualTo("kafka-watcher");
        assertThat(files(chart, "router")).isEqualTo("kafka-authorities");
    }

    /** Beside a service that logs in by its certificate. */
    @Test
    void whoMakesTheTopicsHasNothingOfTheServiceBesideWhichItRuns() {
        var chart =
                Rendered.of(
                        """
                        mode: hub
                        kafka:
                          bootstrapServers: kafka:9092
                          properties: {security.protocol: SSL}
                          filesSecret: authorities
                          topics:
                            existingSecret: setup
                            filesSecret: setup-files
                            properties: {ssl.keystore.location: /opt/serinus/kafka/setup.p12}
                        services:
                          analysis:
                            kafka:
                              filesSecret: analysis-files
                              properties: {ssl.keystore.location: /opt/serinus/kafka/analysis.p12}
                        """);

        assertThat(login(chart, "analysis", "containers"))
                .containsEntry("KAFKA_SSL_KEYSTORE_LOCATION", "/opt/serinus/kafka/analysis.p12");
        assertThat(login(chart, "analysis", "initContainers"))
                .containsEntry("from", "setup")
                .containsEntry("KAFKA_SECURITY_PROTOCOL", "SSL")
                .containsEntry("KAFKA_SSL_KEYSTORE_LOCATION", "/opt/serinus/kafka/setup.p12");
        var pod = workload(chart, "analysis").at("/spec/template/spec");
        assertThat(pod.at("/initContainers/0/volumeMounts").toString())
                .contains("\"name\":\"kafka-topics\"")
                .doesNotContain("\"name\":\"kafka\"");
        assertThat(pod.path("volumes").toString())
                .contains("\"secretName\":\"analysis-files\"")
                .contains("\"secretName\":\"setup-files\"");
        assertThat(workload(chart, "router").at("/spec/template/spec/volumes").toString())
                .doesNotContain("setup-files");
    }

    /** Which was passed over: the topics were made as the service. */
    @Test
    void whoMakesTheTopicsMayBeACertificateAlone() {
        var chart =
                Rendered.of(
                        """
                        mode: hub
                        kafka:
                          bootstrapServers: kafka:9092
                          filesSecret: of-all
                          topics: {filesSecret: of-setup}
                        """);

        var pod = workload(chart, "analysis").at("/spec/template/spec");
        assertThat(pod.at("/initContainers/0/volumeMounts").toString())
                .contains("\"name\":\"kafka-topics\"")
                .doesNotContain("\"name\":\"kafka\"");
        assertThat(pod.path("volumes").toString()).contains("\"secretName\":\"of-setup\"");
    }

    @Test
    void aJvmIsToldWhereItMayAskForTokens() {
        assertThat(login(Values.HUB_ACCOUNTS.rendered(), "analysis", "containers"))
                .containsEntry(
                        "_JAVA_OPTIONS",
                        "-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=https://id.example/token");
        assertThat(login(Values.HUB.rendered(), "analysis", "containers"))
                .doesNotContainKey("_JAVA_OPTIONS");
    }

    private static JsonNode workload(Rendered chart, String service) {
        return chart.workloads().stream()
                .filter(each -> each.at("/metadata/name").asText().endsWith("-" + service))
                .findFirst()
                .orElseThrow();
    }

    private static String files(Rendered chart, String service) {
        return StreamSupport.stream(
                        workload(chart, service).at("/spec/template/spec/volumes").spliterator(),
                        false)
                .filter(volume -> volume.path("name").asText().equals("kafka"))
                .map(volume -> volume.at("/secret/secretName").asText())
                .findFirst()
                .orElse("");
    }

    /** The variables of the first container, and the Secret whose keys are all variables. */
    private static Map<String, String> login(Rendered chart, String service, String containers) {
        var container = workload(chart, service).at("/spec/template/spec/" + containers + "/0");
        Map<String, String> all = new HashMap<>();
        for (var variable : container.path("env")) {
            var from = variable.at("/valueFrom/secretKeyRef");
            all.put(
                    variable.path("name").asText(),
                    from.isMissingNode()
                            ? variable.path("value").asText()
                            : from.path("name").asText() + "/" + from.path("key").asText());
        }
        container
                .path("envFrom")
                .forEach(from -> all.put("from", from.at("/secretRef/name").asText()));
        return all;
    }

    @Test
    void jarsOfOthersAreBehindOursInEveryPod() {
        var chart = Values.LIBRARIES.rendered();

        assertThat(chart.pods())
                .hasSize(6)
                .allSatisfy(
                        pod -> {
                            var first = pod.path("initContainers").path(0);
                            assertThat(first.path("image").asText())
                                    .isEqualTo("registry.example/confluent:8.0");
                            assertThat(first.path("command"))
                                    .hasToString(
                                            "[\"cp\",\"-R\",\"/jars/.\",\"/opt/serinus/more\"]");
                            assertThat(mounts(first)).contains("/opt/serinus/more");
                            assertThat(mounts(pod.path("containers").path(0)))
                                    .contains("/opt/serinus/more (read-only)");
                        });
    }

    private static List<String> mounts(JsonNode container) {
        return container
                .path("volumeMounts")
                .valueStream()
                .map(
                        each ->
                                each.path("mountPath").asText()
                                        + (each.path("readOnly").asBoolean() ? " (read-only)" : ""))
                .toList();
    }

    @Test
    void aMisspeltValueIsRefused() {
        var outcome =
                Rendered.attempt(
                        "{metricServer: 'http://x', slack: {proxy: x}, logLevel: loud,"
                                + " meshProvider: istoi, services: {watcher: {replicas: 2}}}");

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.out())
                .contains("metricServer", "proxy", "/logLevel", "/meshProvider", "/replicas");
    }

    @Test
    void whatCannotWorkIsRefusedAllAtOnceWithItsPath() {
        var outcome =
                Rendered.attempt(
                        """
                        mode: edge
                        namespace: shop
                        metricsServerTemplate: serinus/prometheus
                        slack: {url: "https://hooks.example/x"}
                        controlplane: {kubeconfig: {secretName: mesh}}
                        kafka: {properties: {ssl.keystore.password: x, bootstrap.servers: x}}
                        services: {router: {kafka: {properties: {sasl.jaas.config: x}}}}
                        """);

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.out())
                .contains("kafka.bootstrapServers: missing")
                .contains("clusterName: missing")
                .contains("slack.channel: missing")
                .contains("metricsServerTemplate: is in another namespace than shop")
                .contains("controlplane.kubeconfig.secretName: not supported")
                .contains("kafka.properties.ssl.keystore.password: a secret")
                .contains("kafka.properties.bootstrap.servers: is kafka.bootstrapServers")
                .contains("services.router.kafka.properties.sasl.jaas.config: a secret");
        assertThat(Rendered.attempt("services: {router: {kafka: {filesSecret: x}}}").out())
                .contains("services.router.kafka: is for modes hub and edge");
        assertThat(
                        Rendered.attempt(
                                        """
                                        mode: hub
                                        kafka:
                                          bootstrapServers: kafka:9092
                                          topics: {properties: {client.id: x}}
                                        """)
                                .out())
                .contains("kafka.topics.properties: is for an account that makes topics alone");
        assertThat(Rendered.attempt("services: {watcher: {replicas: 2}}").out())
                .as("two would publish the same facts")
                .contains("/services/watcher/replicas");
    }

    private static List<String> names(Rendered chart) {
        return chart.workloads().stream().map(each -> each.at("/metadata/name").asText()).toList();
    }

    private static List<String> resources(JsonNode role) {
        List<String> all = new ArrayList<>();
        role.path("rules")
                .forEach(rule -> rule.path("resources").forEach(r -> all.add(r.asText())));
        return all;
    }

    private static boolean has(JsonNode labels, JsonNode selector) {
        return selector.properties().stream()
                .allMatch(each -> labels.path(each.getKey()).equals(each.getValue()));
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path(field).asText())
                .toList();
    }
}
