package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.serinus.installation.chart.WithHelm;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Serinus is upgraded by Helm in the middle of releases of an application that users ask all the
 * time, once for each of several versions of the values, and is taken back once: no request fails,
 * each release is one run that is promoted, and everything is told once.
 */
@OnTestBed
@WithHelm
@InContainers
abstract class UpgradeUnderLoad {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    /** What the first installation has, and what each upgrade has in its place. */
    abstract List<List<String>> versions();

    abstract int pods();

    @Test
    void noRequestFailsAndNothingIsDoneOrToldTwice(TestBed bed, KubernetesClient admin)
            throws Exception {
        var release = new Release(bed, "serinus");
        release.offerVolume();
        try (var outside = new Outside();
                var shop = new ServedApplication(admin, bed.namespace(), outside);
                var running =
                        new RunningRelease(
                                release,
                                new Kubelet(
                                        bed.controlPlane(), admin, directory.resolve("pods")))) {
            // Given
            List<List<String>> versions =
                    versions().stream()
                            .map(values -> all(values, bed.namespace(), shop.metricsServer()))
                            .toList();
            release.install(versions.getFirst());
            running.follow(pods());
            shop.deploy();
            List<String> figures = new ArrayList<>();

            // When
            int runs = 0;
            for (int next = 1; next <= versions.size(); next++) {
                shop.release(++runs + 1);
                Instant began = Instant.now();
                if (next < versions.size()) {
                    release.upgrade(versions.get(next));
                } else {
                    release.rollback(1);
                }
                running.follow(pods());
                assertThat(shop.phase())
                        .as("nothing ended in the meantime")
                        .matches("(Wait|Prog).*");
                shop.awaitPromoted(runs + 1);
                figures.add(
                        "%s %d: %d s until all are new"
                                .formatted(
                                        next < versions.size() ? "upgrade" : "rollback",
                                        next,
                                        Duration.between(began, running.changed()).toSeconds()));
            }

            // Then
            int expected = runs;
            await("the end of each release is told")
                    .atMost(PATIENCE)
                    .until(() -> outside.told("promotion finished") >= expected);
            shop.delete();
            var answers = shop.answers().total();
            figures.add(
                    "requests %d, failed %d; releases %d; alerts %d"
                            .formatted(answers.all(), answers.bad(), runs, outside.told().size()));
            figures.forEach(System.out::println);
            assertThat(answers.bad()).as("requests failed: " + shop.answers().byVersion()).isZero();
            assertThat(outside.told("New revision detected"))
                    .as("" + outside.told())
                    .isEqualTo(runs);
            assertThat(outside.told("promotion finished")).as("" + outside.told()).isEqualTo(runs);
            assertThat(outside.told().stream().collect(groupingBy(it -> it, counting())).values())
                    .as("nothing is told more often than there are releases: " + outside.told())
                    .allMatch(count -> count <= expected);
            assertThat(outside.told("failed")).as("" + outside.told()).isZero();
            List<String> messages = messages(admin, bed.namespace());
            assertThat(messages)
                    .as("one start of each run")
                    .has(times(runs, "New revision detected"));
            for (int weight : List.of(20, 40, 60)) {
                assertThat(messages)
                        .as("each share once in each run")
                        .has(times(runs, "canary weight " + weight));
            }
            release.uninstall();
        }
    }

    private static Condition<List<? extends String>> times(int count, String part) {
        return new Condition<>(
                all -> all.stream().filter(each -> each.contains(part)).count() == count,
                "%d of '%s'",
                count,
                part);
    }

    /** What the events about the Canary say. */
    private static List<String> messages(KubernetesClient admin, String namespace) {
        return admin.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("Canary"))
                .map(Event::getMessage)
                .toList();
    }

    private static List<String> all(List<String> values, String namespace, String metricsServer) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "listen.address=127.0.0.1",
                                "minInterval=1s",
                                "persistence.storageClass=" + namespace,
                                "metricsServer=" + metricsServer));
        all.addAll(values);
        return all;
    }
}
