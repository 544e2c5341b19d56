package dev.serinus.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.loadtester.TesterProcess;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.RolloutFacts;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.TestReport;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;

/**
 * The hooks of the guide's page about tests with the usual programs, as they stand there: called as
 * the webhook service calls, at a load tester that runs. The page says which programs are played by
 * a script that says what they have really said.
 */
@EnableKubernetesMockClient(crud = true, https = false)
class ConformanceGuideTest {

    private static final Path PAGE = Path.of("../deploy/guide/conformance.md");
    private static final CanaryKey CANARY = new CanaryKey("lab", "shop", "podinfo");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Pattern HOOKS = Pattern.compile("(?s)```yaml spec\n(.*?)```");
    private static final Pattern MANIFEST = Pattern.compile("(?s)```text\n(.*?)```");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    KubernetesClient client;

    @TempDir Path programs;

    private final BlockingQueue<WebhookResult> results = new LinkedBlockingQueue<>();
    private final List<Hook> hooks = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each
    private TesterProcess tester;

    @SuppressWarnings("NullAway.Init") // before each
    private OutgoingClient outgoing;

    @SuppressWarnings("NullAway.Init") // before each
    private ResourceWatch<List<Hook>> watch;

    @SuppressWarnings("NullAway.Init") // before each
    private String uid;

    @BeforeEach
    void start() throws IOException {
        tester =
                TesterProcess.with(
                        Map.of(
                                "test.api-server",
                                client.getConfiguration().getMasterUrl(),
                                "serinus.loadtester.jobs-namespaces",
                                "shop",
                                "serinus.loadtester.path",
                                programs + ":" + System.getenv("PATH")));
        apply();
        watch = ResourceWatch.of(client, ResourceWatch.CANARIES, null, Hook::of).start();
        outgoing = new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10));
    }

    @AfterEach
    void stop() {
        watch.close();
        outgoing.close();
        tester.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acceptance-by-bats | bats /tests/acceptance.bats | runs/bats-1.8.2.txt",
                "acceptance-by-pytest | pytest -q -p no:cacheprovider /tests/acceptance |"
                        + " runs/pytest-9.2.0.txt",
                "api-by-newman | newman run /tests/api.json --env-var"
                        + " address=http://podinfo-canary.shop:9898 | runs/newman-6.2.2.txt",
                "tests-of-the-helm-chart | helm test podinfo --namespace shop --timeout 3m |"
                        + " runs/helm-test-by-hand.txt",
            })
    void aTestPassesAndFailsWithItsProgramPlayedByWhatItReallySaid(
            String hook, String command, String recorded) throws Exception {
        String program = command.substring(0, command.indexOf(' '));
        standIn(program, recorded, 0);
        assertThat(called(hook, "Progressing").getPassed()).isTrue();
        assertThat(ran()).containsExactly(command);

        standIn(program, recorded, 1);
        WebhookResult failed = called(hook, "Progressing");

        assertThat(failed.getPassed()).isFalse();
        assertThat(failed.getBecause()).endsWith("status 500");
        assertThat(Objects.requireNonNull(failed.getReport()).getExit()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "load-by-k6 | k6 run --quiet --summary-trend-stats med,p(95),p(99) /tests/load.js |"
                        + " reports/k6-1.8.1-p99.txt | k6 | 51.95",
                "load-by-artillery | artillery run /tests/load.yml |"
                        + " reports/artillery-2.0.21.txt | artillery | 50.9",
            })
    void aLoadTestBringsItsNumbersAlsoWhereItsOwnBoundWasCrossed(
            String hook, String command, String recorded, String tool, double p99)
            throws Exception {
        standIn(tool, recorded, 0);
        WebhookResult passed = called(hook, "Progressing");
        standIn(tool, recorded, 99);
        WebhookResult failed = called(hook, "Progressing");

        assertThat(passed.getPassed()).isTrue();
        assertThat(failed.getPassed()).isFalse();
        assertThat(ran()).containsExactly(command, command);
        assertThat(List.of(report(passed), report(failed)))
                .allSatisfy(
                        report -> {
                            assertThat(report.getTool()).isEqualTo(tool);
                            assertThat(report.getP99Millis()).isEqualTo(p99);
                            assertThat(report.getRequests()).isEqualTo(40);
                            assertThat(report.getErrors()).isEqualTo(1);
                        });
        assertThat(report(failed).getExit()).isEqualTo(99);
    }

    @Test
    void aFlagIsTurnedOnAndOffAfterAReleaseThatFailedAlone() throws Exception {
        script("curl", "printf '%%s\\n' \"$*\" >> %s\n".formatted(programs.resolve("ran")));

        assertThat(called("feature-flag-on", "Progressing").getPassed()).isTrue();
        assertThat(called("feature-flag-after", "Succeeded").getPassed()).isTrue();
        assertThat(called("feature-flag-after", "Failed").getPassed()).isTrue();

        String same =
                "-fsS -X PATCH -H Authorization: Bearer  -H Content-Type: application/json -d"
                        + " {\"enabled\": %s} https://flags.example/api/flags/checkout";
        assertThat(ran()).containsExactly(same.formatted(true), same.formatted(false));
    }

    @Test
    void aMigrationIsMadeOnceAndNoReleaseThatFailsTakesOneBack() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/sqlite3")),
                "SKIPPED: no sqlite3, whose database is migrated");
        Path database = programs.resolve("orders.db");
        script(
                "migrate",
                """
                for last; do :; done
                case $last in
                  up) sqlite3 %s 'create table if not exists orders (id, note text)' ;;
                  *) sqlite3 %s 'drop table orders' ;;
                esac
                """
                        .formatted(database, database));
        script("curl", "exit 0\n");
        standIn("kubectl", "runs/pytest-9.2.0.txt", 0);

        assertThat(called("migration", "Progressing").getPassed()).isTrue();
        assertThat(called("migration", "Progressing").getPassed()).as("asked again").isTrue();
        for (Hook hook : hooks) {
            if (hook.type() == HookType.POST_ROLLOUT) {
                assertThat(called(hook.name(), "Failed").getPassed()).as(hook.name()).isTrue();
            }
        }

        assertThat(columns(database)).containsExactly("id", "note");
    }

    @Test
    void ofEachHookThePageSaysWhetherItsProgramIsInTheImage() throws Exception {
        String page = Files.readString(PAGE);
        List<String> missing = List.of("pytest", "newman", "artillery", "migrate");
        for (Hook hook : hooks) {
            String said =
                    page.substring(page.indexOf("## How each is proved"))
                            .lines()
                            .filter(line -> line.contains("`" + hook.name() + "`"))
                            .findFirst()
                            .orElseThrow();
            String run =
                    hook.metadata().getOrDefault("type", "")
                            + " "
                            + hook.metadata().getOrDefault("cmd", "");
            assertThat(said.contains("| a layer of yours |"))
                    .as(hook.name())
                    .isEqualTo(
                            missing.stream()
                                    .anyMatch(
                                            program ->
                                                    run.matches(
                                                            "(bash %s|%s) .*"
                                                                    .formatted(program, program))));
        }
    }

    private static List<String> columns(Path database) throws Exception {
        var process =
                new ProcessBuilder(
                                "/usr/bin/sqlite3",
                                database.toString(),
                                "select name from pragma_table_info('orders')")
                        .redirectErrorStream(true)
                        .start();
        try (var output = process.inputReader()) {
            return output.lines().toList();
        }
    }

    @Test
    void anExperimentBeginsBeforeTheTestsAndEndsAfterTheRelease() throws Exception {
        standIn("kubectl", "runs/pytest-9.2.0.txt", 0);

        assertThat(called("slow-network", "Progressing").getPassed()).isTrue();
        assertThat(called("fast-network-again", "Failed").getPassed()).isTrue();

        assertThat(ran())
                .containsExactly(
                        "kubectl apply --filename /chaos/delay.yaml",
                        "kubectl delete --ignore-not-found --filename /chaos/delay.yaml");
    }

    @Test
    void aJobIsMadeOfTheManifestOnThePageAndWaitedFor() throws Exception {
        var manifest = MANIFEST.matcher(Files.readString(PAGE));
        assertThat(manifest.find()).isTrue();
        client.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("podinfo-tests")
                                .withNamespace("shop")
                                .endMetadata()
                                .addToData("acceptance.yaml", manifest.group(1))
                                .build())
                .create();
        Thread controller = Thread.startVirtualThread(this::completeJob);

        WebhookResult passed = called("tests-of-our-own", "Progressing");
        controller.join();

        assertThat(passed.getPassed()).as(passed.getBecause()).isTrue();
        Job job = client.batch().v1().jobs().inNamespace("shop").list().getItems().getFirst();
        assertThat(job.getMetadata().getAnnotations())
                .containsEntry("serinus.dev/run", "1")
                .containsEntry("serinus.dev/phase", "Progressing");
        assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
                .isEqualTo("registry.example/podinfo-tests:1");
    }

    private void completeJob() {
        Job job =
                await().atMost(LONG)
                        .until(
                                () ->
                                        client.batch()
                                                .v1()
                                                .jobs()
                                                .inNamespace("shop")
                                                .list()
                                                .getItems(),
                                it -> !it.isEmpty())
                        .getFirst();
        client.resource(
                        new JobBuilder(job)
                                .withNewStatus()
                                .addNewCondition()
                                .withType("Complete")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build())
                .patchStatus();
    }

    @Test
    void thePageSaysOfEachHookHowItIsProved() throws Exception {
        String page = Files.readString(PAGE);
        List<String> proved =
                page.substring(page.indexOf("## How each is proved"))
                        .lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf('|', 1)))
                        .flatMap(cell -> QUOTED.matcher(cell).results())
                        .map(found -> found.group(1))
                        .toList();

        assertThat(hooks).extracting(Hook::name).containsExactlyElementsOf(proved);
    }

    /** Stands for a program: says what it was given, and what the program said. */
    private void standIn(String program, String recorded, int exit) throws IOException {
        var resource = ConformanceGuideTest.class.getResource("/" + recorded);
        script(
                program,
                "printf '%%s\\n' \"%s $*\" >> %s\ncat %s\nexit %d\n"
                        .formatted(
                                program,
                                programs.resolve("ran"),
                                Objects.requireNonNull(resource).getPath(),
                                exit));
    }

    private void script(String program, String text) throws IOException {
        Path file = programs.resolve(program);
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private List<String> ran() throws IOException {
        return Files.readAllLines(programs.resolve("ran"));
    }

    private static TestReport report(WebhookResult result) {
        return Objects.requireNonNull(result.getReport());
    }

    /** What came of a call as analysis makes it. */
    private WebhookResult called(String name, String phase) throws InterruptedException {
        int place = hooks.stream().map(Hook::name).toList().indexOf(name);
        Hook hook = hooks.get(place);
        calls().handle(
                        CANARY,
                        WebhookCall.newBuilder()
                                .setCanary(CANARY.toString())
                                .setStep(new StepId(uid, 1L, 6L + question++, 1))
                                .setGeneration(1)
                                .setHook(place)
                                .setName(name)
                                .setType(Objects.requireNonNull(hook.type()))
                                .setPhase(phase)
                                .setChecksum("6867868d58")
                                .setRollout(
                                        new RolloutFacts(
                                                "0a1b2c3d4e", 0, 10_000, 0, false, List.of()))
                                .build());
        return results.remove();
    }

    private long question = 1;

    private WebhookCalls calls() {
        Outbox outbox =
                new Outbox() {
                    @Override
                    public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
                        results.add((WebhookResult) value);
                    }
                };
        return new WebhookCalls(
                watch,
                LONG,
                new HookCaller(
                        outgoing,
                        Signer.none(),
                        InstantSource.system(),
                        Thread::sleep,
                        ManifestLimits.DEFAULTS,
                        false,
                        (_, _) -> Optional.empty()),
                outbox,
                new Topics(KafkaSettings.at("127.0.0.1:1")).webhookResults("lab"),
                InstantSource.system(),
                new CallMetrics(new SimpleMeterRegistry()));
    }

    /** A Canary with all hooks of the page, in order, of which nothing but hosts is changed. */
    private void apply() throws IOException {
        List<Object> all = new ArrayList<>();
        var blocks = HOOKS.matcher(Files.readString(PAGE));
        while (blocks.find()) {
            String text = blocks.group(1).replace("http://loadtester.shop/", tester.address());
            Map<?, ?> spec = new KubernetesSerialization().unmarshal(text, Map.class);
            Map<?, ?> analysis = (Map<?, ?>) Objects.requireNonNull(spec.get("analysis"));
            all.addAll((List<?>) Objects.requireNonNull(analysis.get("webhooks")));
        }
        var canary = new GenericKubernetesResource();
        canary.setApiVersion("flagger.app/v1beta1");
        canary.setKind("Canary");
        canary.setMetadata(
                new ObjectMetaBuilder().withNamespace("shop").withName("podinfo").build());
        canary.setAdditionalProperty("spec", Map.of("analysis", Map.of("webhooks", all)));
        hooks.addAll(Hook.of(canary));
        uid =
                client.genericKubernetesResources(ResourceWatch.CANARIES)
                        .resource(canary)
                        .create()
                        .getMetadata()
                        .getUid();
    }
}
