package dev.serinus.loadtester.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.loadtester.LoggedLines;
import dev.serinus.loadtester.report.LoadReport;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.RunFacts;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Jobs at an API server that is a stub; the test plays their controller. */
@EnableKubernetesMockClient(crud = true, https = false)
class JobsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final String MANIFEST =
            """
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: ignored
              labels: {team: shop, app.kubernetes.io/managed-by: me}
              ownerReferences: [{apiVersion: v1, kind: Pod, name: x, uid: y}]
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: k6, image: "grafana/k6:1.8.1", args: [run, /tests/load.js]}
            """;

    private static final String REPORT =
            """
            http_req_duration..............: avg=5ms med=4.9ms p(95)=11.5ms p(99)=15ms
            http_req_failed................: 1.50% 3 out of 200
            http_reqs......................: 200 19.86/s
            """;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    KubernetesClient client;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    KubernetesMockServer server;

    @TempDir Path directory;

    private final List<Runs> all = new ArrayList<>();
    private @Nullable KubernetesJobs type;

    @BeforeEach
    void write() {
        write(MANIFEST);
    }

    @AfterEach
    void close() {
        all.forEach(Runs::close);
    }

    @Test
    void aJobIsMadeOfItsManifestWaitedForAndReadLikeAnyOutput() throws Exception {
        Run run = runs(LONG).ask(request("msg_1"));
        Job job = made();

        // Every process has to come to the same one: the order of a map differs between two.
        assertThat(job.getMetadata().getName()).isEqualTo("podinfo-d74438166a0e2ad8");
        assertThat(job.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(job.getMetadata().getLabels())
                .containsEntry("team", "shop")
                .containsEntry("app.kubernetes.io/managed-by", "serinus-loadtester");
        assertThat(job.getMetadata().getAnnotations())
                .containsEntry("serinus.dev/canary", "podinfo")
                .containsEntry("serinus.dev/phase", "Progressing")
                .containsEntry("serinus.dev/run", "7")
                .containsEntry("serinus.dev/webhook-id", "msg_1");
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(60);
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
                .containsExactly("run", "/tests/load.js");
        assertThat(run.ended()).as("while it runs").isEmpty();

        pod(job, 0, REPORT);
        ends(job, "Complete", null);

        Ended how = run.await();
        assertThat(how.outcome()).as(how.because()).isEqualTo(Outcome.PASSED);
        assertThat(how.exit()).isZero();
        assertThat(LoadReport.in(how.output()))
                .contains(new LoadReport("k6", 4.9, 11.5, 15.0, 200L, 3L));
        assertThat(client.batch().v1().jobs().list().getItems()).as("its ttl ends it").hasSize(1);
    }

    @Test
    void aLoadTesterThatBeganAnewFindsTheJobAgain() throws Exception {
        try (var log = new LoggedLines()) {
            var _ = runs(LONG).ask(request("msg_1"));
            Job job = made();

            Run again = runs(LONG).ask(request("msg_1"));
            Run joined = runs(LONG).ask(request("msg_2"));
            await().atMost(LONG).until(() -> log.count("test started") == 3);
            ends(job, "Complete", null);

            assertThat(again.await().passed()).isTrue();
            assertThat(joined.await().passed()).isTrue();
        }
        Job job = made();
        assertThat(runs(LONG).ask(request("msg_1")).await().passed())
                .as("by what it came to before")
                .isTrue();
        assertThat(client.batch().v1().jobs().list().getItems())
                .extracting(it -> it.getMetadata().getUid())
                .containsExactly(job.getMetadata().getUid());
    }

    @ParameterizedTest
    @CsvSource({"Complete, msg_2", "Complete, ''", "Failed, msg_1"})
    void whatHasEndedIsNoAnswerToAnotherCallNorToARetryOfAFailedOne(String end, String question)
            throws Exception {
        Run first = runs(LONG).ask(request("msg_1"));
        Job before = made();
        ends(before, end, "BackoffLimitExceeded");
        first.await();

        Run second = runs(LONG).ask(request(question));
        Job after =
                await().atMost(LONG)
                        .until(
                                this::made,
                                it ->
                                        !it.getMetadata()
                                                .getUid()
                                                .equals(before.getMetadata().getUid()));
        ends(after, "Complete", null);

        assertThat(second.await().passed()).isTrue();
    }

    @Test
    void aJobThatFailsSaysWhyWithItsExitStatusAndItsLog() throws Exception {
        Run run = runs(LONG).ask(request("msg_1"));
        Job job = made();
        pod(job, 99, "thresholds were crossed\n");
        ends(job, "Failed", "BackoffLimitExceeded");

        Ended how = run.await();

        assertThat(how.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(how.exit()).isEqualTo(99);
        assertThat(run.task().type().failure(run.task(), how))
                .isEqualTo(
                        "job failed: Job %s: BackoffLimitExceeded, it has failed\nthresholds were crossed\n"
                                .formatted(job.getMetadata().getName()));
    }

    @Test
    void aLogThatCannotBeReadIsNoFailure() throws Exception {
        Run run = runs(LONG).ask(request("msg_1"));
        Job job = made();
        pod(job, 0, null);
        ends(job, "Complete", null);

        Ended how = run.await();

        assertThat(how.passed()).isTrue();
        assertThat(how.output()).startsWith("the log of pod tests-0 cannot be read: status 404");
    }

    @Test
    void atItsTimeOutOrWhenItIsStoppedTheJobGoes() throws Exception {
        Run late = runs(Duration.ofSeconds(2)).ask(request("msg_1"));
        assertThat(made().getSpec().getActiveDeadlineSeconds()).isEqualTo(2);

        assertThat(late.await().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(late.await().output()).isEqualTo("it has no pods (any more)\n");
        assertThat(client.batch().v1().jobs().list().getItems()).isEmpty();

        Runs runs = runs(LONG);
        Run stopped = runs.ask(request("msg_2"));
        pod(made(), 0, "waiting for the database\n");
        runs.stop("test", "podinfo", "somebody stopped it");

        assertThat(stopped.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(stopped.await().output()).isEqualTo("waiting for the database\n");
        assertThat(client.batch().v1().jobs().list().getItems()).isEmpty();
    }

    @Test
    void ofAJobThatIsGoneNobodyKnowsHowItEndedSoItIsMadeAnew() throws Exception {
        Runs runs = runs(LONG);
        Run run = runs.ask(request("msg_1"));
        client.resource(made()).delete();

        Ended how = run.await();
        Run again = runs.ask(request("msg_1"));
        ends(made(), "Complete", null);

        assertThat(how.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(how.because()).endsWith("is gone, and nobody saw how it ended");
        assertThat(again.await().passed()).isTrue();
    }

    @Test
    void aLoadTesterThatEndsLeavesTheJobToTheNextOne() throws Exception {
        Runs first = runs(LONG);
        Run left = first.ask(request("msg_1"));
        Job job = made();

        first.close();
        Run again = runs(LONG).ask(request("msg_1"));
        ends(job, "Complete", null);

        assertThat(left.await().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(again.await().passed()).isTrue();
        assertThat(made().getMetadata().getUid()).isEqualTo(job.getMetadata().getUid());
    }

    @Test
    void aJobStaysAfterItsEndWhateverItsManifestSays() throws Exception {
        write(MANIFEST.replace("backoffLimit: 0", "ttlSecondsAfterFinished: 0"));
        var _ = runs(LONG).ask(request("msg_1"));

        assertThat(made().getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
    }

    @Test
    void theJobOfAnotherRunOrPhaseIsNoAnswerToThisOne() throws Exception {
        Runs runs = runs(LONG);
        Run seventh = runs.ask(request("msg_1"));
        made();
        Run eighth = runs.ask(request("msg_2", new RunFacts("Progressing", 8)));
        Run promoting = runs.ask(request("msg_3", new RunFacts("Promoting", 8)));
        Run joined = runs.ask(request("msg_4", new RunFacts("Promoting", 8)));

        assertThat(seventh.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(eighth.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(joined).isSameAs(promoting);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, UNKNOWN",
        "0, UNKNOWN",
        "429, UNKNOWN",
        "503, UNKNOWN",
        "403, NOT_STARTED",
        "422, NOT_STARTED"
    })
    void anApiServerThatIsAwaySaysNothingAboutTheTest(int code, Outcome outcome) {
        assertThat(
                        JobRun.notStarted(
                                        "the Job cannot be made: ",
                                        new KubernetesClientException("x", code, null))
                                .outcome())
                .isEqualTo(outcome);
    }

    @Test
    void aJobOfTheSameNameThatIsNotOursIsLeftAlone() throws Exception {
        Run run = runs(LONG).ask(request("msg_1"));
        Job job = made();
        client.resource(job).delete();
        run.await();
        Job others =
                new JobBuilder(job)
                        .editMetadata()
                        .withUid(null)
                        .withResourceVersion(null)
                        .withLabels(Map.of())
                        .endMetadata()
                        .build();
        client.resource(others).create();

        Ended how = runs(LONG).ask(request("msg_2")).await();

        assertThat(how.outcome()).isEqualTo(Outcome.NOT_STARTED);
        assertThat(how.because()).endsWith("that the load tester did not make");
        assertThat(client.batch().v1().jobs().list().getItems()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: Job | kind: Pod | kind: has to be Job of batch/v1",
                "batch/v1 | batch/v2 | kind: has to be Job of batch/v1",
                "name: ignored | namespace: other | metadata.namespace: is 'other'; a Job is made"
                        + " in the Canary's namespace, 'test'",
                "restartPolicy: Never | serviceAccountName: admin |"
                    + " spec.template.spec.serviceAccountName: is 'admin'; the operator of the load"
                    + " tester allows 'default' alone (SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT)",
                "restartPolicy: Never | serviceAccount: admin |"
                    + " spec.template.spec.serviceAccountName: is 'admin'; the operator of the load"
                    + " tester allows 'default' alone (SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT)",
                "template: | other: | spec.template.spec: is missing",
                "metadata: | s3cr3t | cannot be read as the YAML of a Job",
            })
    void aManifestThatMayNotBeIsRefusedAndNothingMade(String part, String other, String because)
            throws Exception {
        write(MANIFEST.replace(part, other));

        Ended how = runs(LONG).ask(request("msg_1")).await();

        assertThat(how.outcome()).isEqualTo(Outcome.NOT_STARTED);
        assertThat(how.because()).isEqualTo("the manifest tests/job.yaml is not used: " + because);
        assertThat(client.batch().v1().jobs().list().getItems()).isEmpty();
    }

    @Test
    void allThatIsWrongWithAManifestIsSaidAtOnce() {
        String text =
                MANIFEST.replace("name: ignored", "namespace: other")
                        .replace("restartPolicy: Never", "serviceAccountName: admin");

        assertThat(problems(text)).hasSize(2);
        assertThat(problems(MANIFEST + MANIFEST)).containsExactly("has to be one document");
        assertThat(problems(" ")).containsExactly("is empty");
        assertThat(problems("# nothing\n---\n")).containsExactly("is empty");
    }

    @Test
    void commentsAndEmptyDocumentsAreNoOthers() {
        assertThat(problems("# tests of podinfo\n" + MANIFEST)).isEmpty();
        assertThat(problems(MANIFEST + "---\n")).isEmpty();
        assertThat(problems("%YAML 1.2\n" + MANIFEST + "...\n--- # end\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backoffLimit: 0 | suspend: true | spec.suspend",
                "backoffLimit: 0 | managedBy: x/y | spec.managedBy",
                "backoffLimit: 0 | manualSelector: true | spec.selector",
                "backoffLimit: 0 | selector: {matchLabels: {a: b}} | spec.selector",
                "backoffLimit: 0 | parallelism: 10000 | spec.parallelism: is 10000, may be 100",
                "backoffLimit: 0 | completions: 101 | spec.completions: is 101, may be 100",
                "template: | template: {metadata: {finalizers: [x/y]}, spec: {containers: []}} #|"
                        + " spec.template.metadata.finalizers",
                "restartPolicy: Never | hostNetwork: true | spec.template.spec.hostNetwork",
                "restartPolicy: Never | hostPID: true | spec.template.spec.hostPID",
                "restartPolicy: Never | hostIPC: true | spec.template.spec.hostIPC",
                "restartPolicy: Never | volumes: [{name: x, hostPath: {path: /}}] |"
                        + " spec.template.spec.volumes.hostPath",
                "name: k6 | name: k6, securityContext: {privileged: true} |"
                        + " spec.template.spec.securityContext.privileged",
                "name: k6 | name: k6, securityContext: {capabilities: {add: [SYS_ADMIN]}} |"
                        + " spec.template.spec.securityContext.privileged",
            })
    void whatWouldNotEndOrLeavesItsPodIsRefused(String part, String other, String path) {
        String text = MANIFEST.replace(part, other);
        if (other.endsWith("#")) {
            text = text.substring(0, text.indexOf('#'));
        }

        assertThat(problems(text)).singleElement().asString().startsWith(path);
        boolean isOfHost = path.startsWith("spec.template.spec.");
        assertThat(
                        JobManifest.read(
                                        text,
                                        "test",
                                        new JobRules(client, List.of("test"), null, true))
                                .problems()
                                .isEmpty())
                .isEqualTo(isOfHost);
    }

    private static List<String> problems(String text) {
        return JobManifest.read(text, "test", JobRules.none()).problems();
    }

    @Test
    void theEndOfALogOfVeryLongLinesIsKept() throws Exception {
        Run run = runs(LONG).ask(request("msg_1"));
        Job job = made();
        pod(job, 0, "x".repeat(2 * 1024 * 1024) + "\n" + REPORT);
        ends(job, "Complete", null);

        assertThat(LoadReport.in(run.await().output()).map(LoadReport::tool)).contains("k6");
    }

    @Test
    void theAccountOfAJobIsTheOneThatTheOperatorNames() throws Exception {
        var rules = new JobRules(client, List.of("test"), "tests");
        var _ = runs(LONG).ask(request(rules, "test", Map.of("configMap", "tests")));

        assertThat(made().getSpec().getTemplate().getSpec().getServiceAccountName())
                .isEqualTo("tests");
        assertThat(
                        JobManifest.read(
                                        MANIFEST.replace(
                                                "restartPolicy: Never",
                                                "serviceAccountName: default"),
                                        "test",
                                        rules)
                                .problems())
                .hasSize(1);
    }

    @Test
    void aConfigMapOrKeyThatIsNotThereIsNamed() throws Exception {
        var rules = new JobRules(client, List.of("test"), null);

        assertThat(
                        runs(LONG)
                                .ask(request(rules, "test", Map.of("configMap", "none")))
                                .await()
                                .because())
                .isEqualTo("there is no ConfigMap none.test");
        assertThat(
                        runs(LONG)
                                .ask(
                                        request(
                                                rules,
                                                "test",
                                                Map.of("configMap", "tests", "key", "x")))
                                .await()
                                .because())
                .isEqualTo("the ConfigMap tests.test has no key x");
    }

    @Test
    void whereTheOperatorNamesNoNamespaceNoJobIsMade() {
        Runs runs = runs(LONG);

        for (var rules : List.of(JobRules.none(), new JobRules(client, List.of("shop"), null))) {
            assertThatThrownBy(() -> runs.ask(request(rules, "test", Map.of("configMap", "../x"))))
                    .isInstanceOf(TaskType.Unusable.class)
                    .hasMessage(
                            "namespace: this load tester makes no Jobs in 'test'; its operator"
                                    + " names the namespaces (SERINUS_LOADTESTER_JOBS_NAMESPACES);"
                                    + " metadata.configMap: has to name a ConfigMap of the Canary's"
                                    + " namespace");
        }
        assertThat(server.getRequestCount()).as("but the ConfigMap of the test").isLessThan(3);
    }

    private void write(String manifest) {
        client.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("tests")
                                .withNamespace("test")
                                .endMetadata()
                                .addToData("job.yaml", manifest)
                                .build())
                .createOr(NonDeletingOperation::update);
    }

    private Job made() {
        return await().atMost(LONG)
                .until(
                        () -> client.batch().v1().jobs().inNamespace("test").list().getItems(),
                        it -> !it.isEmpty())
                .getFirst();
    }

    private void pod(Job job, int exit, @Nullable String log) {
        String path =
                "/api/v1/namespaces/test/pods/tests-0/log?pretty=false&container=k6&tailLines=500";
        if (log == null) {
            server.expect().get().withPath(path).andReturn(404, "no such node").always();
        } else {
            server.expect().get().withPath(path).andReturn(200, log).always();
        }
        client.resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("tests-0")
                                .withNamespace("test")
                                .addToLabels("controller-uid", job.getMetadata().getUid())
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("k6")
                                .endContainer()
                                .endSpec()
                                .withNewStatus()
                                .addNewContainerStatus()
                                .withName("k6")
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(exit)
                                .endTerminated()
                                .endState()
                                .endContainerStatus()
                                .endStatus()
                                .build())
                .create();
    }

    private void ends(Job job, String how, @Nullable String reason) {
        client.resource(
                        new JobBuilder(job)
                                .withNewStatus()
                                .addNewCondition()
                                .withType(how)
                                .withStatus("True")
                                .withReason(reason)
                                .withMessage("it has failed")
                                .endCondition()
                                .endStatus()
                                .build())
                .patchStatus();
    }

    private Runs.Request request(String question) {
        return request(question, new RunFacts("Progressing", 7));
    }

    private Runs.Request request(String question, RunFacts facts) {
        return new Runs.Request(
                Task.of("test", "podinfo", type(), Map.of("configMap", "tests")),
                facts,
                "85d557f47b",
                question,
                false,
                false);
    }

    /** One, as in a load tester: tasks of two are two. */
    private KubernetesJobs type() {
        if (type == null) {
            type = new KubernetesJobs(new JobRules(client, List.of("test"), null));
        }
        return type;
    }

    private static Runs.Request request(
            JobRules rules, String namespace, Map<String, String> metadata) {
        return new Runs.Request(
                Task.of(namespace, "podinfo", new KubernetesJobs(rules), metadata),
                RunFacts.UNKNOWN,
                "",
                "",
                false,
                false);
    }

    private Runs runs(Duration timeout) {
        var runs =
                new Runs(
                        new Limits(
                                timeout,
                                10,
                                10,
                                100,
                                65_536,
                                Duration.ofSeconds(30),
                                Map.of(),
                                directory),
                        InstantSource.system(),
                        _ -> {});
        all.add(runs);
        return runs;
    }
}
