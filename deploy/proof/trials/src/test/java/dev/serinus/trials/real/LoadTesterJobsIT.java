package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.demo.load.LoadTesterProcess;
import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.job.KubernetesJobs;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.RunFacts;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Tests of type job on a real control plane, with the Job controller of Kubernetes itself, and with
 * the rights that the chart grants and no others. There is no kubelet: the test says how pods end,
 * and logs cannot be had.
 */
@Tag("long")
@OnTestBed
class LoadTesterJobsIT {

    private static final Path RULES =
            Path.of(
                    System.getProperty("serinus.root"),
                    "deploy",
                    "helm",
                    "serinus",
                    "files",
                    "loadtester-jobs.yaml");

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String ACCOUNT = "system:serviceaccount:serinus:serinus-loadtester";

    private static final String MANIFEST =
            """
            apiVersion: batch/v1
            kind: Job
            spec:
              backoffLimit: 0
              template:
                metadata:
                  annotations: {lab/ready: never}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: tests, image: "example/tests:1"}
            """;

    private final TestBed bed;
    private final KubernetesClient client;
    private final KubernetesJobs jobs;

    @TempDir Path directory;

    @SuppressWarnings("NullAway.Init") // before each
    private Runs runs;

    LoadTesterJobsIT(TestBed bed) {
        this.bed = bed;
        this.client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(bed.admin().getConfiguration())
                                        .withImpersonateUsername(ACCOUNT)
                                        .withImpersonateGroups("system:serviceaccounts")
                                        .build())
                        .build();
        this.jobs = new KubernetesJobs(new JobRules(client, List.of(bed.namespace()), null));
    }

    @BeforeEach
    void start() throws IOException {
        List<PolicyRule> rules =
                List.of(
                        new KubernetesSerialization()
                                .unmarshal(Files.readString(RULES), PolicyRule[].class));
        var _ =
                bed.admin()
                        .resource(
                                new RoleBuilder()
                                        .withNewMetadata()
                                        .withName("loadtester")
                                        .withNamespace(bed.namespace())
                                        .endMetadata()
                                        .withRules(rules)
                                        .build())
                        .serverSideApply();
        var _ =
                bed.admin()
                        .resource(
                                new RoleBindingBuilder()
                                        .withNewMetadata()
                                        .withName("loadtester")
                                        .withNamespace(bed.namespace())
                                        .endMetadata()
                                        .withNewRoleRef()
                                        .withApiGroup("rbac.authorization.k8s.io")
                                        .withKind("Role")
                                        .withName("loadtester")
                                        .endRoleRef()
                                        .addNewSubject()
                                        .withKind("User")
                                        .withApiGroup("rbac.authorization.k8s.io")
                                        .withName(ACCOUNT)
                                        .endSubject()
                                        .build())
                        .serverSideApply();
        write(MANIFEST);
        runs =
                new Runs(
                        new Limits(LONG, 10, 10, 100, 65_536, LONG, Map.of(), directory),
                        InstantSource.system(),
                        _ -> {});
    }

    @AfterEach
    void stop() {
        runs.close();
        client.close();
    }

    @Test
    void aJobIsMadeRunWaitedForAndItsEndTold() throws Exception {
        Run passing = runs.ask(request(1, "msg_1"));
        ends(1, 0);
        Ended passed = passing.await();
        // Of a later release; before, it would have ended the other.
        Run failing = runs.ask(request(2, "msg_2"));
        ends(2, 3);
        Ended failed = failing.await();

        assertThat(passed.outcome()).as(passed.because()).isEqualTo(Outcome.PASSED);
        // A node without a kubelet has no logs.
        assertThat(passed.output()).contains("the log of pod ").contains("cannot be read: status");
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.exit()).isEqualTo(3);
        assertThat(failed.because()).contains("BackoffLimitExceeded");
    }

    @Test
    void aJobThatHasFailedIsMadeAnewAndOneThatPassedForTheSameCallIsNot() throws Exception {
        Run first = runs.ask(request(3, "msg_1"));
        ends(3, 1);
        first.await();
        String before = job(3).getMetadata().getUid(); // it stays after its end

        Run second = runs.ask(request(3, "msg_1"));
        await().atMost(LONG).until(() -> named(3).stream().anyMatch(it -> !before.equals(uid(it))));
        ends(3, 0);
        assertThat(second.await().passed()).isTrue();
        String after = job(3).getMetadata().getUid();

        try (var anew =
                new Runs(
                        new Limits(LONG, 10, 10, 100, 65_536, LONG, Map.of(), directory),
                        InstantSource.system(),
                        _ -> {})) {
            assertThat(anew.ask(request(3, "msg_1")).await().passed()).isTrue();
        }
        assertThat(job(3).getMetadata().getUid()).isEqualTo(after);
    }

    @Test
    void whoeverIsStoppedLeavesNoJobAndItsPodGoes() throws Exception {
        Run run = runs.ask(request(4, "msg_1"));
        Pod pod = pod(4);

        runs.stop(bed.namespace(), "podinfo", "somebody stopped it");

        assertThat(run.await().outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(named(4)).isEmpty();
        await().atMost(LONG).until(() -> isGoing(bed.admin().resource(pod).get()));
    }

    @Test
    void whatTheApiServerRefusesIsToldInItsWords() throws Exception {
        write(MANIFEST.replace("restartPolicy: Never", "restartPolicy: Always"));

        Ended how = runs.ask(request(5, "msg_1")).await();

        assertThat(how.outcome()).isEqualTo(Outcome.NOT_STARTED);
        assertThat(how.because())
                .startsWith("the Job cannot be made: status 422")
                .contains("restartPolicy");
    }

    @Test
    void aHookPassesByTheSameJobThoughTheLoadTesterIsKilledInTheMiddle() throws Exception {
        Map<String, String> variables =
                Map.of(
                        "KUBECONFIG",
                        bed.kubeconfig(User.ADMIN).toString(),
                        "SERINUS_LOADTESTER_JOBS_NAMESPACES",
                        bed.namespace());
        var first = LoadTesterProcess.start(directory.resolve("first.log"), variables);
        try (var service = new MovingService(first.address());
                var hook = new CalledHook(bed, service.address())) {
            hook.call(6);
            pod(6);
            // Since then the webhook service asks where the answer will be.
            await().atMost(LONG).until(() -> service.passed("GET /tasks/") > 0);
            String uid = job(6).getMetadata().getUid();

            first.kill();
            try (var second = LoadTesterProcess.start(directory.resolve("second.log"), variables)) {
                service.moveTo(second.address());
                await().atMost(LONG).until(() -> service.passed("POST /") == 2);
                ends(6, 0);

                assertThat(hook.result(LONG).getBecause()).isEmpty();
                assertThat(hook.result(LONG).getPassed()).isTrue();
                assertThat(named(6)).singleElement().satisfies(it -> isJob(it, uid));
                assertThat(service.passed("POST /")).isEqualTo(2);
            }
        } finally {
            first.kill();
        }
    }

    private static void isJob(Job job, String uid) {
        assertThat(job.getMetadata().getUid()).isEqualTo(uid);
    }

    private void write(String manifest) {
        var _ =
                bed.admin()
                        .resource(
                                new ConfigMapBuilder()
                                        .withNewMetadata()
                                        .withName("tests")
                                        .withNamespace(bed.namespace())
                                        .endMetadata()
                                        .addToData("job.yaml", manifest)
                                        .build())
                        .serverSideApply();
    }

    private Runs.Request request(long run, String question) {
        return new Runs.Request(
                Task.of(
                        bed.namespace(),
                        "podinfo",
                        jobs,
                        Map.of("configMap", "tests", "key", "job.yaml")),
                new RunFacts("Progressing", run),
                "checksum-" + run,
                question,
                false,
                false);
    }

    /** What takes it off for good is the kubelet's and the Job controller's. */
    private static boolean isGoing(@Nullable Pod pod) {
        return pod == null || pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static String uid(Job job) {
        return job.getMetadata().getUid();
    }

    private Job job(long run) {
        return named(run).getFirst();
    }

    private List<Job> named(long run) {
        return bed
                .admin()
                .batch()
                .v1()
                .jobs()
                .inNamespace(bed.namespace())
                .list()
                .getItems()
                .stream()
                .filter(
                        it ->
                                Long.toString(run)
                                        .equals(
                                                it.getMetadata()
                                                        .getAnnotations()
                                                        .get("serinus.dev/run")))
                .toList();
    }

    /** The pod that the Job controller has made, of a Job that has not ended. */
    private Pod pod(long run) {
        return await().atMost(LONG)
                .until(
                        () ->
                                bed
                                        .admin()
                                        .pods()
                                        .inNamespace(bed.namespace())
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(it -> it.getSpec().getNodeName() != null)
                                        .filter(it -> isOfARunningJob(it, run))
                                        .toList(),
                        it -> !it.isEmpty())
                .getFirst();
    }

    private boolean isOfARunningJob(Pod pod, long run) {
        return named(run).stream()
                .filter(it -> it.getStatus().getConditions().isEmpty())
                .anyMatch(
                        it ->
                                it.getMetadata()
                                        .getUid()
                                        .equals(
                                                pod.getMetadata()
                                                        .getLabels()
                                                        .get("controller-uid")));
    }

    /** Plays the kubelet: the container ends with this status. */
    private void ends(long run, int exit) {
        bed.admin()
                .resource(
                        new PodBuilder(pod(run))
                                .withNewStatus()
                                .withPhase(exit == 0 ? "Succeeded" : "Failed")
                                .addNewContainerStatus()
                                .withName("tests")
                                .withImage("example/tests:1")
                                .withImageID("")
                                .withReady(false)
                                .withRestartCount(0)
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(exit)
                                .endTerminated()
                                .endState()
                                .endContainerStatus()
                                .endStatus()
                                .build())
                .patchStatus();
    }
}
