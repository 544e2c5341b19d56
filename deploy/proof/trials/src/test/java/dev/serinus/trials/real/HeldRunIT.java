package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.FreePort;
import dev.serinus.cli.Main;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The all-in-one is killed as the kernel kills, and started with an empty directory: all that it
 * knows is what the cluster says. Whom people paused, and what they are to decide upon, waits on.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class HeldRunIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Four intervals: whatever were to go on would have. */
    private static final Duration A_WHILE = Duration.ofSeconds(12);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private Path directory;
    private TestBed bed;
    private Outside outside;
    private Apps apps;
    private int started;
    private int port;
    private @Nullable Process serinus;

    @BeforeAll
    void initialise(TestBed bed, @TempDir Path directory) throws Exception {
        this.bed = bed;
        this.directory = directory;
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        start();
        apps.apply("shop");
        patch("{\"spec\":{\"analysis\":{\"onFailure\":\"hold\",\"threshold\":1}}}");
        RightsIT.awaitPhase(apps, "shop", "Initialized");
    }

    @AfterAll
    void end() throws Exception {
        kill();
        outside.close();
        http.close();
    }

    private void release(int version) {
        apps.release("shop", version);
        await().atMost(PATIENCE).until(() -> weight() == 20);
    }

    @Test
    @Order(1)
    void aPausedRunStaysWhereItIsOverAKillAndAnEmptyDirectory() throws Exception {
        // Given
        release(2);
        act("pause", "lunch");
        await().atMost(PATIENCE).until(() -> status().at("/serinus/paused").isObject());
        int weight = weight();
        // When
        kill();
        startEmpty();
        // Then
        awaitStill("/serinus/paused/reason", "lunch", weight);
        act("resume", "eaten");
        RightsIT.awaitPhase(apps, "shop", "Succeeded");
    }

    @Test
    @Order(2)
    void aFailureThatPeopleAreToDecideUponIsNotTakenBackByAKillAndAnEmptyDirectory()
            throws Exception {
        // Given
        release(3);
        outside.measures("10");
        await().atMost(PATIENCE).until(() -> status().at("/serinus/held").isObject());
        String because = status().at("/serinus/held/because").asText();
        int weight = weight();
        // When
        kill();
        outside.measures("100");
        startEmpty();
        // Then
        awaitStill("/serinus/held/because", because, weight);
        act("abort", "it is bad");
        RightsIT.awaitPhase(apps, "shop", "Failed");
        assertThat(weight()).isZero();
    }

    private void awaitStill(String field, String says, int weight) {
        await("the Canary to be taken over")
                .atMost(PATIENCE)
                .until(
                        () ->
                                canary().at("/metadata/annotations").has(Claims.ANNOTATION)
                                        && answers());
        await("nothing to go on")
                .during(A_WHILE)
                .atMost(A_WHILE.multipliedBy(5))
                .untilAsserted(
                        () -> {
                            assertThat(status().at(field).asText()).isEqualTo(says);
                            assertThat(weight()).isEqualTo(weight);
                            assertThat(apps.phase("shop")).isEqualTo("Progressing");
                        });
    }

    // ---- the process

    /** Another Kafka is another installation: the claim of the one that is gone is taken off. */
    private void startEmpty() throws IOException {
        patch("{\"metadata\":{\"annotations\":{\"%s\":null}}}".formatted(Claims.ANNOTATION));
        start();
    }

    private void start() throws IOException {
        port = FreePort.next();
        started++;
        Path own = directory.resolve("serinus-" + started);
        serinus =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "run",
                                "--cluster-name=held",
                                "--namespace=" + bed.namespace(),
                                "--mesh-provider=istio",
                                "--metrics-server=" + outside.url(),
                                "--min-interval=1s",
                                "--kubeconfig=" + bed.kubeconfig(User.SERINUS),
                                "--data=" + own,
                                "--http-port=" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log-" + started).toFile())
                        .start();
    }

    private void kill() throws InterruptedException {
        if (serinus != null) {
            serinus.destroyForcibly().waitFor();
            serinus = null;
        }
    }

    // ---- people

    private void act(String action, String reason) throws Exception {
        var answer =
                http.send(
                        HttpRequest.newBuilder(rollout("/actions"))
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"action\":\"%s\",\"reason\":\"%s\"}"
                                                        .formatted(action, reason)))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
    }

    /** It knows the Canary. */
    private boolean answers() {
        try {
            return http.send(HttpRequest.newBuilder(rollout("")).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private URI rollout(String below) {
        return URI.create(
                "http://127.0.0.1:%d/api/v1/rollouts/held/%s/shop%s"
                        .formatted(port, bed.namespace(), below));
    }

    // ---- the Canary

    private void patch(String merge) {
        apps.patch("Canary", "flagger.app/v1beta1", "shop", merge, PatchType.JSON_MERGE);
    }

    private JsonNode canary() {
        return JSON.valueToTree(apps.canary("shop").get());
    }

    private JsonNode status() {
        return canary().path("status");
    }

    private int weight() {
        return status().path("canaryWeight").asInt();
    }
}
