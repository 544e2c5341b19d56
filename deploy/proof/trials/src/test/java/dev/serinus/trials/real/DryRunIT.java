package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.Main;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

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
import java.util.List;

/**
 * A dry run on a real API server, by its audit: of the cluster nothing but the status of the Canary
 * is written, and events. What the status says besides stays true before, while and after.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
class DryRunIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATUS = "patch canaries/status shop";

    private TestBed bed;
    private Outside outside;
    private Apps apps;
    private Audit audit;
    private AllInOne serinus;
    private KubernetesClient client;

    @BeforeAll
    void start(TestBed bed, @TempDir Path data) {
        this.bed = bed;
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        apps.apply("shop");
        tries(true);
        audit = Audit.begin(bed.controlPlane().auditLog());
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serinus.missing()).isEmpty());
    }

    @AfterAll
    void end() {
        serinus.close();
        client.close();
        outside.close();
    }

    @Test
    @Order(1)
    void ofACanaryThatNobodyReleasedNothingButItsStatusIsWritten() {
        // Given
        awaitTried("Initialized", "");
        String before = status().at("/serinus/dryRun/revision").asText();
        // When
        apps.release("shop", 2);
        awaitTried("Succeeded", before);
        // Then
        assertStatusAlone();
        assertThat(bed.admin().apps().deployments().inNamespace(bed.namespace()).list().getItems())
                .extracting(it -> it.getMetadata().getName())
                .containsExactly("shop");
        assertThat(status().path("phase").asText()).isEmpty();
        assertThat(status().has("observedGeneration")).isFalse();
        assertThat(types()).doesNotContain("Ready", "Reconciling", "Stalled");
    }

    @Test
    @Order(2)
    void ofOneThatIsReleasedItsConditionsSayWhatServes() {
        // Given
        tries(false);
        RightsIT.awaitPhase(apps, "shop", "Initialized");
        await().atMost(PATIENCE).until(() -> status("Ready").equals("True"));
        tries(true);
        await().atMost(PATIENCE).until(() -> status().at("/serinus/dryRun").isObject());
        String before = status().at("/serinus/dryRun/revision").asText();
        audit = Audit.begin(bed.controlPlane().auditLog());
        // When
        apps.release("shop", 3);
        awaitTried("Succeeded", before);
        // Then
        assertStatusAlone();
        assertThat(status().path("phase").asText()).isEqualTo("Initialized");
        assertThat(status("Ready")).isEqualTo("True");
        assertThat(status("Reconciling")).isEqualTo("False");
    }

    @Test
    @Order(3)
    void whenItEndsTheStatusIsToldAnewAndAHandBackTakesOursOff() {
        // Given
        apps.release("shop", 2);
        // When
        tries(false);
        // Then
        await("the generation that ended it")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(status().path("observedGeneration").asLong())
                                    .isEqualTo(canary().at("/metadata/generation").asLong());
                            assertThat(status().at("/serinus/dryRun").isMissingNode()).isTrue();
                            assertThat(status("Ready")).isEqualTo("True");
                        });
        // When
        serinus.close();
        int _ =
                Main.execute(
                        new Main(),
                        "handback",
                        "--namespace",
                        bed.namespace(),
                        "--kubeconfig",
                        bed.kubeconfig(User.ADMIN).toString());
        // Then
        assertThat(types()).containsExactly("Promoted");
        assertThat(status().has("observedGeneration")).isFalse();
        assertThat(status().path("phase").asText()).isEqualTo("Initialized");
    }

    private void tries(boolean only) {
        apps.patch(
                "Canary",
                "flagger.app/v1beta1",
                "shop",
                "{\"spec\":{\"dryRun\":%s}}".formatted(only),
                PatchType.JSON_MERGE);
    }

    /** Of another revision than before. */
    private void awaitTried(String phase, String before) {
        await("a dry run to end as " + phase)
                .atMost(PATIENCE)
                .until(
                        () -> {
                            var tried = status().at("/serinus/dryRun");
                            return tried.path("phase").asText().equals(phase)
                                    && (before.isEmpty()
                                            || !tried.path("revision").asText().equals(before));
                        });
    }

    private void assertStatusAlone() {
        List<String> writes = audit.writes(User.SERINUS.username(), bed.namespace());
        assertThat(writes).contains(STATUS);
        assertThat(writes.stream().filter(it -> !it.startsWith("create events")))
                .containsOnly(STATUS);
    }

    private JsonNode canary() {
        return JSON.valueToTree(apps.canary("shop").get());
    }

    private JsonNode status() {
        return canary().path("status");
    }

    private List<String> types() {
        return status().path("conditions")
                .valueStream()
                .map(it -> it.path("type").asText())
                .toList();
    }

    private String status(String type) {
        return status().path("conditions")
                .valueStream()
                .filter(it -> it.path("type").asText().equals(type))
                .map(it -> it.path("status").asText())
                .findFirst()
                .orElse("");
    }
}
