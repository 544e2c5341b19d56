package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.trials.real.SharesAndPods.Mesh;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Releases that are compared with a baseline, by Gateway API and by Istio side by side, each
 * service under its own account: it comes with the run, gets its share when it serves, and goes
 * with the run, however that ends.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class BaselineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Mesh> APPS =
            new LinkedHashMap<>(Map.of("twin", Mesh.GATEWAY_API, "pair", Mesh.ISTIO));

    private TestBed bed;
    private Outside outside;
    private Apps apps;
    private Acceptance gateway;
    private SeparateServices services;
    private Audit audit;

    @BeforeAll
    void initialize(TestBed bed, @TempDir Path data) throws Exception {
        this.bed = bed;
        audit = Audit.begin(bed.controlPlane().auditLog());
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        gateway = new Acceptance(bed.admin(), bed.namespace());
        services =
                new SeparateServices(
                        bed::client, RightsIT.installation(outside, bed.namespace()), data);
        APPS.keySet().forEach(apps::apply);
        awaitPhase("Initialized");
    }

    @AfterAll
    void end() {
        services.close();
        gateway.close();
        outside.close();
    }

    @Test
    @Order(1)
    void itComesWithTheRunAndGoesBeforeThePromotion() {
        during(
                app -> apps.release(app, 2),
                app -> awaitPhase(app, "Succeeded"),
                (app, seen) -> {
                    assertThat(seen.shares())
                            .containsExactly(
                                    "100/0/0", "80/10/10", "30/40/30", "60/40/0", "100/0/0");
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(seen.unserved()).isEmpty();
                    assertThat(image(app + "-primary")).isEqualTo(app + ":2");
                });
    }

    @Test
    @Order(2)
    void itGoesWithARunThatIsTakenBackSinceTheBaselineIsBetter() {
        APPS.keySet().forEach(app -> outside.measures(app, "200"));

        during(
                app -> apps.release(app, 3),
                app -> awaitPhase(app, "Failed"),
                (app, seen) -> {
                    assertThat(seen.shares()).containsExactly("100/0/0", "80/10/10", "100/0/0");
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(seen.unserved()).isEmpty();
                    var compared = status(app).path("canaryAnalysis");
                    assertThat(compared.path("verdict").asText())
                            .as("%s", compared)
                            .isEqualTo("FAIL");
                    assertThat(image(app + "-primary")).isEqualTo(app + ":2");
                });
        APPS.keySet().forEach(app -> outside.measures(app, "100"));
    }

    @Test
    @Order(3)
    void itGoesWithARunThatPeopleAbort() {
        during(
                app -> {
                    apps.release(app, 4);
                    awaitWeight(app, 10);
                    ask(app, ActionKind.ABORT);
                },
                app -> awaitPhase(app, "Failed"),
                (app, seen) -> {
                    assertThat(seen.shares()).endsWith("80/10/10", "100/0/0");
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(seen.unserved()).isEmpty();
                });
    }

    @Test
    @Order(4)
    void whileItsPodsFailNobodyIsSentThereAndNothingIsHeldAgainstTheCanary() {
        during(
                app -> {
                    apps.release(app, 5);
                    awaitWeight(app, 10);
                    pods(app + "-baseline", this::fail);
                    awaitWeight(app, 0);
                    await(app + " to say what it waits for")
                            .atMost(PATIENCE)
                            .until(
                                    () ->
                                            status(app)
                                                    .toString()
                                                    .contains("the baseline is to serve again"));
                    pods(app + "-baseline", this::heal);
                },
                app -> awaitPhase(app, "Succeeded"),
                (app, seen) -> {
                    assertThat(seen.shares())
                            .startsWith("100/0/0", "80/10/10", "100/0/0", "80/10/10")
                            .endsWith("60/40/0", "100/0/0");
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(status(app).path("failedChecks").asInt()).isZero();
                    assertThat(image(app + "-primary")).isEqualTo(app + ":5");
                });
    }

    @Test
    @Order(5)
    void takenOutOfTheManifestItGoesAndTheRunGoesOn() {
        during(
                app -> {
                    apps.release(app, 6);
                    awaitWeight(app, 10);
                    asks(app, false);
                },
                app -> awaitPhase(app, "Succeeded"),
                (app, seen) -> {
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(seen.unserved()).isEmpty();
                    assertThat(seen.shares().getLast()).isEqualTo("100/0");
                    assertThat(image(app + "-primary")).isEqualTo(app + ":6");
                    assertNothingLeft(app);
                });
        APPS.keySet().forEach(app -> asks(app, true));
    }

    @Test
    @Order(6)
    void noneOfThatMadeThePrimaryGrow() {
        assertThat(APPS.keySet())
                .allSatisfy(app -> assertThat(replicas(app + "-primary")).isEqualTo(2));
    }

    @Test
    @Order(7)
    void nothingOfItStaysWhenTheCanaryIsDeletedInTheMiddle() {
        during(
                app -> {
                    apps.release(app, 7);
                    awaitWeight(app, 10);
                    assertThat(apps.canary(app).delete()).isNotEmpty();
                },
                app -> awaitPhase(app, "gone"),
                (app, seen) -> {
                    assertThat(seen.sizes()).containsExactly("2", "gone");
                    assertThat(seen.unserved()).isEmpty();
                    assertThat(image(app)).isEqualTo(app + ":6");
                    assertNothingLeft(app);
                });
    }

    @Test
    @Order(8)
    void noServiceTriedWhatItsRoleDoesNotGrant() {
        assertThat(audit.refused()).isEmpty();
    }

    private void assertNothingLeft(String app) {
        assertThat(apps.object("Service", "v1", app + "-baseline").get()).isNull();
        assertThat(
                        apps.object(
                                        "DestinationRule",
                                        "networking.istio.io/v1beta1",
                                        app + "-baseline")
                                .get())
                .isNull();
    }

    /** Both at once: what is done, how it ends, and what was seen of it. */
    private void during(
            Consumer<String> done, Consumer<String> ended, BiConsumer<String, SharesAndPods> seen) {
        Map<String, SharesAndPods> watched = new LinkedHashMap<>();
        try {
            APPS.forEach((app, mesh) -> watched.put(app, new SharesAndPods(bed, mesh, app)));
            APPS.keySet().forEach(done);
            APPS.keySet().forEach(ended);
            watched.forEach(
                    (app, all) ->
                            await("what was seen of " + app)
                                    .atMost(PATIENCE)
                                    .untilAsserted(() -> seen.accept(app, all)));
        } finally {
            watched.values().forEach(SharesAndPods::close);
        }
    }

    private void awaitPhase(String phase) {
        APPS.keySet().forEach(app -> awaitPhase(app, phase));
    }

    private void awaitPhase(String app, String phase) {
        RightsIT.awaitPhase(apps, app, phase);
    }

    private void awaitWeight(String app, int percent) {
        await("%s to have %d %% at the canary".formatted(app, percent))
                .atMost(PATIENCE)
                .until(
                        () ->
                                apps.phase(app).equals("Progressing")
                                        && status(app).path("canaryWeight").asInt() == percent);
    }

    private void ask(String app, ActionKind what) {
        var topic = new Topics(services.kafka()).actions("rights");
        var key = new CanaryKey("rights", bed.namespace(), app);
        var action =
                Action.newBuilder()
                        .setCanary(key.toString())
                        .setActor("somebody")
                        .setAskedAt(Instant.now())
                        .setAction(what)
                        .setReason("in a trial")
                        .build();
        try (var producer =
                new KafkaProducer<>(
                        services.kafka().with(Map.of()),
                        topic.keys().serializer(),
                        topic.values().serializer())) {
            var _ = producer.send(new ProducerRecord<>(topic.name(), key, action)).get();
        } catch (InterruptedException | ExecutionException unsent) {
            throw new IllegalStateException("the broker took no action", unsent);
        }
    }

    private void asks(String app, boolean baseline) {
        apps.patch(
                "Canary",
                "flagger.app/v1beta1",
                app,
                "{\"spec\":{\"analysis\":{\"baseline\":%s}}}".formatted(baseline),
                PatchType.JSON_MERGE);
    }

    private void pods(String app, Consumer<Pod> each) {
        var pods =
                bed.admin()
                        .pods()
                        .inNamespace(bed.namespace())
                        .withLabel("app", app)
                        .list()
                        .getItems();
        assertThat(pods).hasSize(2);
        pods.forEach(each);
    }

    /** As a container that ended does, and stays so. */
    private void fail(Pod pod) {
        annotate(pod, "never");
        var _ =
                bed.admin()
                        .resource(pod)
                        .subresource("status")
                        .patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                """
                                {"status":{"conditions":[{"type":"Ready","status":"False"}]}}
                                """);
    }

    private void heal(Pod pod) {
        annotate(pod, "at-once");
    }

    private void annotate(Pod pod, String ready) {
        apps.patch(
                "Pod",
                "v1",
                pod.getMetadata().getName(),
                "{\"metadata\":{\"annotations\":{\"lab/ready\":\"%s\"}}}".formatted(ready),
                PatchType.JSON_MERGE);
    }

    private JsonNode status(String app) {
        return JSON.<JsonNode>valueToTree(
                        Objects.requireNonNull(apps.canary(app).get(), "the Canary " + app))
                .path("status");
    }

    private Integer replicas(String deployment) {
        return apps.object("Deployment", "apps/v1", deployment).get().get("spec", "replicas");
    }

    private String image(String deployment) {
        return apps.object("Deployment", "apps/v1", deployment)
                .get()
                .get("spec", "template", "spec", "containers", 0, "image");
    }
}
