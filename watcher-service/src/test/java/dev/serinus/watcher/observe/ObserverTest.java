package dev.serinus.watcher.observe;

import static dev.serinus.watcher.Objects.CANARY;
import static dev.serinus.watcher.Objects.PODINFO;
import static dev.serinus.watcher.Objects.apply;
import static dev.serinus.watcher.Objects.applyCanary;
import static dev.serinus.watcher.Objects.applyCustom;
import static dev.serinus.watcher.Objects.canary;
import static dev.serinus.watcher.Objects.deployment;
import static dev.serinus.watcher.Objects.installation;
import static dev.serinus.watcher.Objects.patchStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.CanaryRejected;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.CountedBefore;
import dev.serinus.schemas.events.FreezePassAsked;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.watcher.Collected;
import dev.serinus.watcher.cluster.Cluster;
import dev.serinus.watcher.cluster.Config;
import dev.serinus.watcher.cluster.SecretChanges;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

@EnableKubernetesMockClient(crud = true, https = false)
class ObserverTest {

    private static final String CONFIG =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: podinfo-config, namespace: test}
            data: {color: blue}
            """;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final Collected published = new Collected();

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init") // each test begins with start()
    private Observer observer;

    private void start() {
        var installation = installation("http://prometheus:9090");
        cluster =
                new Cluster(
                        client,
                        installation,
                        new Claims().settle("lab", "kafka"),
                        SecretChanges.WATCHED);
        var missing = new MissingTemplates(cluster);
        observer =
                new Observer(
                        installation,
                        cluster,
                        new AbsenceChecks(client),
                        missing,
                        new Topics(KafkaSettings.at("127.0.0.1:1")).changes("lab"),
                        published,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        () -> Instant.EPOCH,
                        new SimpleMeterRegistry());
        cluster.start();
        await().until(cluster::hasSynced);
        missing.open();
        observer.open();
    }

    @AfterEach
    void close() {
        observer.close();
        cluster.close();
        server.reset();
    }

    private <T> List<T> bodies(Class<T> type) {
        return published.of(Change.class).stream()
                .map(Change::getBody)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private List<WorkloadObserved> facts(Role role) {
        return bodies(WorkloadObserved.class).stream()
                .filter(fact -> fact.getRole() == role)
                .toList();
    }

    private WorkloadObserved last(Role role) {
        return facts(role).getLast();
    }

    private Optional<Config> config() throws InterruptedException {
        return cluster.configs().find(Kind.CONFIG_MAP.named("test", "podinfo-config"), false);
    }

    private void settled() {
        await().until(() -> !facts(Role.PRIMARY).isEmpty());
    }

    @Test
    void publishesTheCanaryThenItsWorkloads() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        assertThat(published.of(Change.class))
                .extracting(change -> change.getBody().getClass().getSimpleName())
                .containsExactly("CanaryObserved", "WorkloadObserved", "WorkloadObserved");
        var canary = bodies(CanaryObserved.class).getFirst();
        assertThat(canary.getSpec().getTargetName()).isEqualTo("podinfo");
        assertThat(canary.getPrior()).isNull();
        var target = last(Role.TARGET);
        assertThat(target.getExists()).isTrue();
        assertThat(target.getReady()).isTrue();
        assertThat(target.getRevision()).hasSize(10);
        assertThat(target.getConfigs())
                .isEqualTo(Map.of("configmap/podinfo-config", "f234cb93c08ad64e"));
        assertThat(last(Role.PRIMARY).getExists()).isFalse();
    }

    @Test
    void publishesOnlyWhatIsNew() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();
        int before = published.values().size();

        // A status, an annotation of others and another object are no news.
        patchStatus(client, "{\"status\":{\"phase\":\"Initializing\",\"canaryWeight\":0}}");
        canary(client)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
        apply(client, deployment("other", 2, "other:1", ""));
        apply(client, deployment("podinfo", 2, "podinfo:2", ""));
        await().until(() -> published.values().size() > before);

        assertThat(published.values()).hasSize(before + 1);
        assertThat(last(Role.TARGET).getRevision())
                .isNotEqualTo(bodies(WorkloadObserved.class).getFirst().getRevision());
    }

    @Test
    void labelsByWhichPeopleChooseAreNews() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        canary(client)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"tier\":\"db\"}}}");

        await().until(
                        () ->
                                Map.of("tier", "db")
                                        .equals(
                                                bodies(CanaryObserved.class)
                                                        .getLast()
                                                        .getLabels()));
    }

    @Test
    void whatTheMeshMakesNothingOfAndWhatIsMissingAreHints() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(
                client,
                CANARY.replace("spec:\n", "spec:\n  provider: linkerd\n")
                        .replace(
                                "{port: 9898}",
                                "{port: 9898, rewrite: {uri: /}, hosts: [shop.example.com]}")
                        .replace("{name: request-duration", "{name: cpu-usage"));
        start();
        settled();

        assertThat(bodies(CanaryObserved.class))
                .singleElement()
                .satisfies(
                        seen ->
                                assertThat(seen.getHints())
                                        .hasSize(3)
                                        .satisfiesExactly(
                                                it ->
                                                        assertThat(it)
                                                                .startsWith(
                                                                        "spec.analysis.metrics[1]:"
                                                                                + " has a name"),
                                                it ->
                                                        assertThat(it)
                                                                .startsWith(
                                                                        "spec.service.hosts[0]:"
                                                                            + " shop.example.com"
                                                                            + " names"),
                                                it ->
                                                        assertThat(it)
                                                                .isEqualTo(
                                                                        "spec.service.rewrite:"
                                                                            + " provider linkerd"
                                                                            + " makes nothing"
                                                                            + " of it")));

        applyCustom(
                client,
                ResourceWatch.METRIC_TEMPLATES,
                """
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: cpu-usage, namespace: test}
                spec: {provider: {type: prometheus, address: "http://prometheus:9090"}, query: up}
                """);

        await().until(() -> bodies(CanaryObserved.class).size() == 2);
        assertThat(bodies(CanaryObserved.class).getLast().getHints()).hasSize(2);
    }

    @Test
    void whatAnotherInstallationClaimsIsGoneAndComesBackWithoutTheClaim() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        claim("\"lab@another\"");
        await().until(() -> !bodies(CanaryGone.class).isEmpty());
        assertThat(bodies(CanaryGone.class).getLast().getLeft()).isTrue();
        int before = published.values().size();
        apply(client, deployment("podinfo", 2, "podinfo:2", ""));
        claim("\"lab@third\"");
        assertThat(published.values()).hasSize(before);

        claim("null");
        await().until(() -> bodies(CanaryObserved.class).size() == 2);
        await().until(() -> facts(Role.PRIMARY).size() == 2);
        assertThat(facts(Role.TARGET)).hasSize(2);
    }

    private static void claim(String json) {
        canary(client)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":%s}}}"
                                .formatted(Claims.ANNOTATION, json));
    }

    @Test
    void readsWhichStepWroteThePrimaryAndWhatItWasCopiedFrom() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 0, "podinfo:1", ""));
        apply(
                client,
                deployment(
                        "podinfo-primary",
                        2,
                        "podinfo:1",
                        "serinus.dev/step: \"3.17\", serinus.dev/revision: abcdef0123"));
        applyCanary(client, CANARY);
        start();
        settled();

        var primary = last(Role.PRIMARY);
        assertThat(primary.getRun()).isEqualTo(3);
        assertThat(primary.getStep()).isEqualTo(17);
        assertThat(primary.getRevision()).isEqualTo("abcdef0123");
        assertThat(primary.getImages()).containsExactly("podinfo:1");
        assertThat(primary.getConfigs()).isNull();
    }

    @Test
    void podsOfATemplateBeforeAreNoneOfAPrimaryThatWasJustWritten() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        apply(
                client,
                deployment("podinfo-primary", 2, "podinfo:1", "serinus.dev/revision: abcdef0123")
                        .replace("observedGeneration: 100", "observedGeneration: 0"));
        applyCanary(client, CANARY);
        start();
        settled();

        var primary = last(Role.PRIMARY);
        assertThat(primary.getBecause()).contains("observed deployment generation");
        assertThat(primary.getUpdated()).isZero();
        assertThat(primary.getAvailable()).isEqualTo(2);
    }

    @Test
    void numbersOfACanaryThatIsGoneAreNotTakenUp() {
        apply(client, CONFIG);
        apply(
                client,
                deployment(
                        "podinfo",
                        2,
                        "podinfo:1",
                        "serinus.dev/step: \"3.17 4f1c9d1e-0000-4000-8000-000000000000\""));
        applyCanary(client, CANARY);
        start();
        settled();

        var target = last(Role.TARGET);
        assertThat(target.getRun()).isZero();
        assertThat(target.getStep()).isZero();
    }

    @Test
    void aSpecThatBreaksRulesIsRejectedAndTheLastValidOneStaysInForce() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        applyCanary(client, CANARY.replace("maxWeight: 30", "maxWeight: 30\n    mirror: [no]"));
        await().until(() -> !bodies(CanaryRejected.class).isEmpty());
        assertThat(bodies(CanaryRejected.class).getFirst().getProblems())
                .extracting("path")
                .containsExactly("spec.analysis.mirror");

        apply(client, deployment("podinfo", 2, "podinfo:2", ""));
        var first = bodies(WorkloadObserved.class).getFirst().getRevision();
        await().until(() -> !last(Role.TARGET).getRevision().equals(first));
    }

    @Test
    void aMissingConfigIsNoChange() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();
        var before = last(Role.TARGET);

        client.configMaps().inNamespace("test").withName("podinfo-config").delete();
        await().until(() -> config().isEmpty());
        apply(client, deployment("podinfo", 3, "podinfo:1", ""));
        await().until(() -> last(Role.TARGET).getDesired() == 3);

        assertThat(last(Role.TARGET).getConfigs()).isEqualTo(before.getConfigs());
    }

    @Test
    void whatTheTargetCannotStartWithoutIsNamedWhenItIsMissing() {
        apply(client, CONFIG);
        apply(
                client,
                deployment("podinfo", 2, "podinfo:1", "")
                        .replace(
                                "envFrom: [",
                                "envFrom: [{secretRef: {name: keys}}, {secretRef: {name: more,"
                                        + " optional: true}}, "));
        applyCanary(client, CANARY);
        start();
        settled();

        assertThat(last(Role.TARGET).getMissingConfigs()).containsExactly("secret/keys");
        assertThat(last(Role.TARGET).getReady()).isFalse();
        assertThat(last(Role.TARGET).getBecause())
                .isEqualTo("secret keys.test get query error: secrets \"keys\" not found");
        assertThat(last(Role.PRIMARY).getMissingConfigs()).isEmpty();
    }

    @Test
    void aDeletedConfigIsMissingUntilItIsBackAndNamedByATargetThatIsNotReady() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();
        var before = last(Role.TARGET);

        client.configMaps().inNamespace("test").withName("podinfo-config").delete();
        await().until(
                        () ->
                                last(Role.TARGET)
                                        .getMissingConfigs()
                                        .equals(List.of("configmap/podinfo-config")));
        assertThat(last(Role.TARGET).getReady()).isTrue();
        assertThat(last(Role.TARGET).getConfigs()).isEqualTo(before.getConfigs());

        apply(
                client,
                deployment("podinfo", 2, "podinfo:1", "")
                        .replace("availableReplicas: 2", "availableReplicas: 0"));
        await().until(() -> !last(Role.TARGET).getReady());
        assertThat(last(Role.TARGET).getBecause())
                .isEqualTo(
                        "waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated"
                                + " replicas are available; missing: configmap"
                                + " podinfo-config.test");

        apply(client, CONFIG);
        await().until(() -> last(Role.TARGET).getMissingConfigs().isEmpty());
    }

    @Test
    void anOptionalConfigThatIsDeletedIsNeitherMissingNorAChange() {
        apply(client, CONFIG);
        String optional =
                deployment("podinfo", 2, "podinfo:1", "")
                        .replace("name: podinfo-config}", "name: podinfo-config, optional: true}");
        apply(client, optional);
        applyCanary(client, CANARY);
        start();
        settled();
        var before = last(Role.TARGET);

        client.configMaps().inNamespace("test").withName("podinfo-config").delete();
        await().until(() -> config().isEmpty());
        apply(
                client,
                optional.replace("replicas: 2", "replicas: 3")
                        .replace("updatedReplicas: 2", "updatedReplicas: 3"));
        await().until(() -> last(Role.TARGET).getDesired() == 3);

        assertThat(last(Role.TARGET).getConfigs()).isEqualTo(before.getConfigs());
        assertThat(last(Role.TARGET).getMissingConfigs()).isEmpty();
    }

    @Test
    void switchingTheTrackingOfAConfigOffIsNoChangeAlsoForAWatcherThatStartsAgain() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();
        var known = last(Role.TARGET).getConfigs();

        apply(
                client,
                CONFIG.replace("blue", "green")
                        .replace(
                                "namespace: test",
                                "namespace: test, annotations: {flagger.app/config-tracking:"
                                        + " disabled}"));
        await().until(() -> config().filter(found -> !found.tracked()).isPresent());
        apply(client, deployment("podinfo", 3, "podinfo:1", ""));
        await().until(() -> last(Role.TARGET).getDesired() == 3);
        assertThat(last(Role.TARGET).getConfigs()).isEqualTo(known);

        patchStatus(
                client,
                "{\"status\":{\"phase\":\"Initialized\",\"trackedConfigs\":{\"configmap/podinfo-config\":\"f234cb93c08ad64e\"}}}");
        observer.close();
        cluster.close();
        start();
        await().until(() -> facts(Role.PRIMARY).size() == 2);
        assertThat(last(Role.TARGET).getConfigs()).isEqualTo(known);
    }

    @Test
    void aConfigThatWasNeverTrackedIsLeftOut() {
        apply(
                client,
                CONFIG.replace(
                        "namespace: test",
                        "namespace: test, annotations: {flagger.app/config-tracking: disabled}"));
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        assertThat(last(Role.TARGET).getConfigs()).isEmpty();
        assertThat(last(Role.TARGET).getReady()).isTrue();
    }

    @Test
    void aMomentInWhichTheTargetWasNotReadyIsToldAlsoWhenItPassedBeforeTheNextLook()
            throws InterruptedException {
        apply(client, CONFIG);
        String ready = deployment("podinfo", 2, "podinfo:1", "");
        apply(client, ready);
        applyCanary(client, CANARY);
        start();
        settled();
        int before = facts(Role.TARGET).size();

        published.hold();
        apply(client, deployment("podinfo", 3, "podinfo:1", ""));
        await().until(published::isAwaited);
        apply(client, ready.replace("availableReplicas: 2", "availableReplicas: 1"));
        apply(client, deployment("podinfo", 4, "podinfo:1", ""));
        await().until(
                        () ->
                                cluster.workload(Kind.DEPLOYMENT.named("test", "podinfo"))
                                        .filter(seen -> seen.value().desired() == 4)
                                        .isPresent());
        published.release();
        await().until(() -> last(Role.TARGET).getDesired() == 4);

        assertThat(facts(Role.TARGET).subList(before, facts(Role.TARGET).size()))
                .extracting(WorkloadObserved::getDesired, WorkloadObserved::getReady)
                .containsExactly(tuple(3, true), tuple(2, false), tuple(4, true));
    }

    @Test
    void thatACanaryIsOursToSteerIsToldWithTheStatusItHasThen() {
        applyCanary(client, CANARY);
        start();
        await().until(() -> !bodies(CanaryObserved.class).isEmpty());
        assertThat(bodies(CanaryObserved.class).getFirst().getClaimed()).isFalse();

        patchStatus(client, "{\"status\":{\"phase\":\"Initializing\"}}");
        claim("\"lab@kafka\"");
        finalizers("[\"finalizer.flagger.app\"]");
        await().until(() -> bodies(CanaryObserved.class).size() == 2);
        assertThat(bodies(CanaryObserved.class).getLast().getClaimed()).isTrue();
        assertThat(bodies(CanaryObserved.class).getLast().getPrior().getPhase())
                .isEqualTo("Initializing");

        finalizers("null");
        await().until(() -> bodies(CanaryObserved.class).size() == 3);
        assertThat(bodies(CanaryObserved.class).getLast().getClaimed()).isFalse();
    }

    @Test
    void whatAnnotationsAskForIsToldAndThatTheyAreGone() {
        applyCanary(client, CANARY);
        start();
        await().until(() -> !bodies(CanaryObserved.class).isEmpty());
        assertThat(bodies(CanaryObserved.class).getFirst())
                .extracting(CanaryObserved::getSkipAnalysisOnce, CanaryObserved::getReset)
                .containsExactly(false, false);

        annotation("flagger.app/skip-analysis", "\"true\"");
        await().until(() -> bodies(CanaryObserved.class).getLast().getSkipAnalysisOnce());
        annotation("flagger.app/reset", "\"true\"");
        await().until(() -> bodies(CanaryObserved.class).getLast().getReset());

        annotation("flagger.app/skip-analysis", "\"false\"");
        await().until(() -> !bodies(CanaryObserved.class).getLast().getSkipAnalysisOnce());
        annotation("flagger.app/reset", "null");
        await().until(() -> !bodies(CanaryObserved.class).getLast().getReset());
    }

    @Test
    void whichFreezesAnAnnotationNamesIsToldAndWhereItCannotBeRead() {
        applyCanary(client, CANARY);
        start();
        await().until(() -> !bodies(CanaryObserved.class).isEmpty());
        assertThat(bodies(CanaryObserved.class).getFirst().getPassFreeze()).isNull();

        annotation("serinus.dev/pass-freeze", "\"weekend, night: the till is down\"");
        await().until(() -> bodies(CanaryObserved.class).getLast().getPassFreeze() != null);
        assertThat(bodies(CanaryObserved.class).getLast().getPassFreeze())
                .extracting(FreezePassAsked::getNames, FreezePassAsked::getReason)
                .containsExactly(List.of("weekend", "night"), "the till is down");

        annotation("serinus.dev/pass-freeze", "\"*: all of them\"");
        await().until(() -> bodies(CanaryObserved.class).getLast().getPassFreeze() == null);
        assertThat(bodies(CanaryObserved.class).getLast().getHints())
                .singleElement()
                .asString()
                .startsWith("metadata.annotations[serinus.dev/pass-freeze]: lets nothing pass");
    }

    private static void annotation(String name, String json) {
        canary(client)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(name, json));
    }

    private static void finalizers(String json) {
        canary(client)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"finalizers\":%s}}".formatted(json));
    }

    @Test
    void aChangedConfigIsPublished() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        apply(client, CONFIG.replace("blue", "green"));
        await().until(
                        () ->
                                !last(Role.TARGET)
                                        .getConfigs()
                                        .equals(
                                                Map.of(
                                                        "configmap/podinfo-config",
                                                        "f234cb93c08ad64e")));
    }

    @Test
    void aDeletedCanaryIsGoneAndACreatedOneIsAnother() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        String first = applyCanary(client, CANARY).getMetadata().getUid();
        start();
        settled();

        canary(client).delete();
        await().until(() -> !bodies(CanaryGone.class).isEmpty());
        assertThat(bodies(CanaryGone.class).getLast().getLeft()).isFalse();
        String second = applyCanary(client, CANARY).getMetadata().getUid();
        await().until(() -> bodies(CanaryObserved.class).size() == 2);

        assertThat(published.of(Change.class))
                .filteredOn(change -> change.getBody() instanceof CanaryGone)
                .extracting(Change::getUid)
                .containsExactly(first);
        assertThat(published.of(Change.class).getLast().getUid()).isEqualTo(second);
        assertThat(published.of(Change.class))
                .allMatch(change -> change.getCanary().equals(PODINFO.toString()));
    }

    @Test
    void takesUpTheStatusThatItFinds() {
        applyCanary(client, CANARY);
        patchStatus(
                client,
                """
                {"status":{"phase":"Progressing","canaryWeight":20,"failedChecks":1,
                 "lastAppliedSpec":"b","lastPromotedSpec":"a","trackedConfigs":{"configmap/x":"1"},
                 "canaryAnalysis":{"limits":[{"name":"errors","failed":2,"failedInARow":1,
                  "inconclusive":3,"inconclusiveLimit":2}]},
                 "serinus":{"run":4,"step":9,"sequence":33,
                  "held":{"because":"board said no","gate":"PROMOTE","webhook":"board"},
                  "paused":{"by":"ada","reason":"lunch"}}}}
                """);
        start();
        await().until(() -> !bodies(CanaryObserved.class).isEmpty());

        var prior = bodies(CanaryObserved.class).getFirst().getPrior();
        assertThat(prior.getPhase()).isEqualTo("Progressing");
        assertThat(prior.getCanaryWeight()).isEqualTo(20);
        assertThat(prior.getLastPromotedSpec()).isEqualTo("a");
        assertThat(prior.getTrackedConfigs()).isEqualTo(Map.of("configmap/x", "1"));
        assertThat(prior.getSequence()).isEqualTo(33);
        assertThat(prior.getHeld())
                .isEqualTo(
                        HeldFailure.newBuilder()
                                .setBecause("board said no")
                                .setGate("PROMOTE")
                                .setWebhook("board")
                                .build());
        assertThat(prior.getPaused()).isEqualTo(new PausedBy("ada", "lunch"));
        assertThat(prior.getCounts()).containsExactly(new CountedBefore("errors", 2, 1, 3));
    }

    @Test
    void noSecretOfTheManifestIsPublished() {
        apply(client, CONFIG);
        apply(client, deployment("podinfo", 2, "podinfo:1", ""));
        applyCanary(client, CANARY);
        start();
        settled();

        assertThat(published.values()).noneMatch(value -> value.toString().contains("classified"));
    }
}
