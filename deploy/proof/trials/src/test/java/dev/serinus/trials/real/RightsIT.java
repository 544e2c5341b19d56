package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.cli.LocalSettings;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every service under its own account, through all that a Canary lives through, on an API server
 * that enforces rights and records what was asked: nothing that is refused is tried, and nothing is
 * granted that is not needed.
 */
@OnTestBed
@Tag("long")
class RightsIT {

    private static final Path README =
            Path.of(System.getProperty("serinus.root"), "deploy", "manifests", "rbac", "README.md");

    private static final int CONFLICT = 409;
    private static final ApiRight READ_CANARY =
            new ApiRight("serinus-watcher", "get", "canaries.flagger.app");
    private static final ApiRight WRITE_STATUS =
            new ApiRight("serinus-watcher", "patch", "canaries.flagger.app/status");

    private final TestBed bed;

    RightsIT(TestBed bed) {
        this.bed = bed;
    }

    @Test
    void theServicesNeedWhatTheirRolesGrantAndNoMore(@TempDir Path data) throws Exception {
        // Given
        var audit = Audit.begin(bed.controlPlane().auditLog());
        MeasuredKinds.define(bed.admin());
        // When
        try (var outside = new Outside();
                var gateway = new Acceptance(bed.admin(), bed.namespace());
                var others = new OtherControllers(bed.admin(), bed.namespace());
                var knative = new KnativeController(bed.admin(), bed.namespace());
                var services =
                        new SeparateServices(bed::client, installation(outside, null), data)) {
            assertThat(List.of(gateway, others, knative, services)).doesNotContainNull();
            live(new Apps(bed, outside.url()), outside, audit);
            assertThat(outside.paths())
                    .contains("/hook/smoke", "/chat", "/secured/api/v1/query", "/api/v1/query");
        }
        // Then
        Set<ApiRight> granted = Granted.all();
        Set<ApiRight> elsewhere = Granted.usedElsewhere(README);
        try {
            // A watch is recorded when it ends.
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(without(granted, audit.used()))
                                            .as("granted, not used, not in %s", README)
                                            .isSubsetOf(elsewhere));
        } finally {
            print(granted, audit);
        }
        assertThat(audit.refused()).as("tried, but not granted").isEmpty();
        assertThat(granted).as("exceptions are granted").containsAll(elsewhere);
        assertThat(audit.count(READ_CANARY, code -> true))
                .as("a status is written with one request, and read again only after a conflict")
                .isEqualTo(audit.count(WRITE_STATUS, code -> code == CONFLICT));
    }

    private static Set<ApiRight> without(Set<ApiRight> granted, Set<ApiRight> used) {
        var rest = new TreeSet<>(granted);
        rest.removeIf(right -> used.stream().anyMatch(right::covers));
        return rest;
    }

    static Installation installation(Outside outside, @Nullable String namespace) {
        return new Installation(
                "rights",
                namespace,
                "istio",
                outside.url(),
                Duration.ofSeconds(1),
                List.of("app", "name", "app.kubernetes.io/name"),
                true,
                List.of(),
                false);
    }

    /** All in one with a broker of its own, beside others of this machine. */
    static LocalSettings settings(Outside outside, String namespace, Path data) {
        return new LocalSettings(
                installation(outside, namespace),
                data,
                null,
                0,
                3,
                0,
                LocalSettings.Telling.NOBODY);
    }

    /** All that Canaries live through: made, promoted, repaired, taken back, deleted. */
    private static void live(Apps apps, Outside outside, Audit audit) {
        Apps.ALL.forEach(apps::apply);
        var template = new ApiRight("serinus-watcher", "get", "metrictemplates.flagger.app");
        await("a template that is missing to be asked for")
                .atMost(Duration.ofSeconds(90))
                .until(() -> audit.used().contains(template));
        apps.apply("providers");
        awaitPhase(apps, "Initialized");

        Apps.ALL.forEach(app -> apps.release(app, 2));
        awaitPhase(apps, "Succeeded");

        repair(apps);
        loseRevision(apps, audit);
        settle(apps);
        apps.patch(
                "HorizontalPodAutoscaler",
                "autoscaling/v2",
                "web",
                "{\"spec\":{\"maxReplicas\":4}}",
                PatchType.JSON_MERGE);
        apps.patch(
                "ConfigMap",
                "v1",
                "web-settings",
                "{\"data\":{\"colour\":\"green\"}}",
                PatchType.JSON_MERGE);
        apps.patch(
                "Secret",
                "v1",
                "web-token",
                "{\"stringData\":{\"token\":\"two\"}}",
                PatchType.JSON_MERGE);
        awaitPhase(apps, "web", "Progressing");
        awaitPhase(apps, "web", "Succeeded");

        apps.patch(
                "Canary",
                "flagger.app/v1beta1",
                "web",
                "{\"spec\":{\"service\":{\"trafficPolicy\":{\"tls\":{\"mode\":\"ISTIO_MUTUAL\"}}}}}",
                PatchType.JSON_MERGE);
        outside.measures("10");
        Apps.ALL.forEach(app -> apps.release(app, 3));
        awaitPhase(apps, "Failed");

        Apps.ALL.forEach(app -> assertThat(apps.canary(app).delete()).isNotEmpty());
        awaitPhase(apps, "gone");
        restored(apps);
    }

    /** The targets serve what was promoted last, and the garbage collector has taken the rest. */
    private static void restored(Apps apps) {
        for (String app : Apps.ALL) {
            if (!Apps.kind(app).equals("Deployment")) {
                continue;
            }
            var target = apps.object("Deployment", "apps/v1", app).get();
            assertThat(target.<String>get("spec", "template", "spec", "containers", 0, "image"))
                    .isEqualTo(app + ":2");
            assertThat(target.<Integer>get("status", "availableReplicas")).isPositive();
        }
        assertThat(apps.object("Service", "v1", "api").get().<String>get("spec", "selector", "app"))
                .isEqualTo("api");
        assertThat(apps.target("shelf").get().<String>get("spec", "selector", "version"))
                .isEqualTo("2");
        assertThat(apps.target("ticket").get().<String>get("spec", "traffic", 0, "revisionName"))
                .isEqualTo("ticket-00002");
        await("what was made for the canaries to be collected")
                .atMost(Duration.ofMinutes(2))
                .until(
                        () ->
                                Stream.of(
                                                apps.object("Deployment", "apps/v1", "web-primary"),
                                                apps.object(
                                                        "DaemonSet", "apps/v1", "agent-primary"),
                                                apps.object(
                                                        "Deployment", "apps/v1", "twin-baseline"),
                                                apps.object("Service", "v1", "twin-baseline"),
                                                apps.object(
                                                        "DestinationRule",
                                                        "networking.istio.io/v1beta1",
                                                        "pair-baseline"),
                                                apps.object("Service", "v1", "api-canary"),
                                                apps.object(
                                                        "ConfigMap", "v1", "web-settings-primary"),
                                                apps.object(
                                                        "HorizontalPodAutoscaler",
                                                        "autoscaling/v2",
                                                        "web-primary"))
                                        .allMatch(made -> made.get() == null));
    }

    /** Somebody deletes what is not his. */
    private static void repair(Apps apps) {
        for (String name : List.of("web-canary", "api-primary")) {
            var service = apps.object("Service", "v1", name);
            String uid = service.get().getMetadata().getUid();
            assertThat(service.delete()).isNotEmpty();
            await(name + " is back")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                var now = service.get();
                                return now != null && !now.getMetadata().getUid().equals(uid);
                            });
        }
    }

    /** Somebody takes the revision that serves away, and brings it back once it is missed. */
    private static void loseRevision(Apps apps, Audit audit) {
        var revision = apps.object("Revision", "serving.knative.dev/v1", "ticket-00002");
        var lost = revision.get();
        assertThat(revision.delete()).isNotEmpty();
        var look = new ApiRight("serinus-watcher", "get", "revisions.serving.knative.dev");
        await("the API server to be asked whether it is gone")
                .atMost(Duration.ofSeconds(60))
                .until(() -> audit.used().contains(look));
        lost.getMetadata().setResourceVersion(null);
        lost.getMetadata().setUid(null);
        apps.create(lost);
    }

    /** What is copied from an Upstream of the team's follows it. */
    private static void settle(Apps apps) {
        apps.patch(
                "Upstream",
                "gloo.solo.io/v1",
                "stock",
                "{\"spec\":{\"connectionConfig\":{\"maxRequestsPerConnection\":500}}}",
                PatchType.JSON_MERGE);
        var ours =
                apps.object(
                        "Upstream",
                        "gloo.solo.io/v1",
                        apps.bed().namespace() + "-stock-primaryupstream-80");
        await("the primary's Upstream to follow")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                Integer.valueOf(500)
                                        .equals(
                                                ours.get()
                                                        .get(
                                                                "spec",
                                                                "connectionConfig",
                                                                "maxRequestsPerConnection")));
    }

    private static void awaitPhase(Apps apps, String phase) {
        Apps.ALL.forEach(app -> awaitPhase(apps, app, phase));
    }

    static void awaitPhase(Apps apps, String app, String phase) {
        await(app + " to be " + phase)
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(apps.phase(app)).isEqualTo(phase));
    }

    private static void print(Set<ApiRight> granted, Audit audit) {
        var lines = new StringBuilder("role, resource: verbs granted | used | refused\n");
        var all = new TreeSet<>(granted);
        all.addAll(audit.refused());
        var used = audit.used();
        var groups =
                all.stream()
                        .collect(
                                Collectors.groupingBy(
                                        right -> right.role() + " " + right.resource(),
                                        TreeMap::new,
                                        Collectors.toList()));
        groups.forEach(
                (what, rights) ->
                        lines.append(
                                "%s: %s | %s | %s%n"
                                        .formatted(
                                                what,
                                                verbs(rights, granted),
                                                verbs(rights, used),
                                                verbs(rights, audit.refused()))));
        System.out.print(lines);
    }

    private static String verbs(List<ApiRight> rights, Set<ApiRight> among) {
        return rights.stream()
                .filter(right -> among.stream().anyMatch(right::covers))
                .map(ApiRight::verb)
                .collect(Collectors.joining(" "));
    }
}
