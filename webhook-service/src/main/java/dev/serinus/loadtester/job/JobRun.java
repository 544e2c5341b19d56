package dev.serinus.loadtester.job;

import dev.serinus.loadtester.remote.RemoteTest;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Job of the cluster, made for one run of a hook, or found again. */
final class JobRun implements RemoteTest {

    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** While the API server is away nothing is known, and nothing is told. */
    private static final Duration SILENCE = Duration.ofDays(365);

    private static final Duration GONE = Duration.ofMinutes(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    private static final int CONFLICT = 409;
    private static final int LONGEST_WORDS = 300;

    private final KubernetesClient client;
    private final JobRules rules;
    private final ManifestSource source;
    private final Run run;
    private final Limits limits;
    private String uid = "";

    JobRun(JobRules rules, ManifestSource source, Run run, Limits limits) {
        this.client = source.client();
        this.rules = rules;
        this.source = source;
        this.run = run;
        this.limits = limits;
    }

    @Override
    public String title() {
        return "Job";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public Duration silence() {
        return SILENCE;
    }

    @Override
    public String start() throws NotStarted, InterruptedException {
        String namespace = run.task().namespace();
        var manifest = JobManifest.read(source.read(namespace), namespace, rules);
        Job written = manifest.job();
        if (written == null) {
            throw new NotStarted(
                    "the manifest %s is not used: %s"
                            .formatted(source, String.join("; ", manifest.problems())));
        }
        try {
            Job job =
                    found().orElseGet(
                                    () ->
                                            created(
                                                    JobObject.of(
                                                            written,
                                                            run,
                                                            limits.timeout(),
                                                            rules.serviceAccount())));
            if (!JobObject.isOurs(job)) {
                throw new NotStarted(
                        "there is a Job %s that the load tester did not make"
                                .formatted(job.getMetadata().getName()));
            }
            uid = job.getMetadata().getUid();
            return job.getMetadata().getName();
        } catch (KubernetesClientException refused) {
            orInterrupted();
            throw notStarted("the Job cannot be made: ", refused);
        }
    }

    /** One that answers: under way, or passed for the same call. What else has ended goes. */
    private Optional<Job> found() throws NotStarted, InterruptedException {
        String name = JobObject.name(run);
        long last = System.nanoTime() + GONE.toNanos();
        while (true) {
            Job job = named(name).get();
            if (job == null) {
                return Optional.empty();
            }
            boolean goes =
                    job.getMetadata().getDeletionTimestamp() != null
                            || (JobObject.isOurs(job)
                                    && JobObject.end(job).isPresent()
                                    && !(JobObject.passed(job)
                                            && JobObject.isFor(job, run.question())));
            if (!goes) {
                return Optional.of(job);
            }
            if (System.nanoTime() > last) {
                throw new NotStarted("the Job %s of an earlier test does not go".formatted(name));
            }
            if (job.getMetadata().getDeletionTimestamp() == null) {
                delete(name);
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** Somebody else may have made it meanwhile. */
    private Job created(Job job) {
        try {
            return client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(run.task().namespace())
                    .resource(job)
                    .create();
        } catch (KubernetesClientException refused) {
            Job other =
                    refused.getCode() == CONFLICT ? named(job.getMetadata().getName()).get() : null;
            if (other == null) {
                throw refused;
            }
            return other;
        }
    }

    private ScalableResource<Job> named(String name) {
        return client.batch().v1().jobs().inNamespace(run.task().namespace()).withName(name);
    }

    private void delete(String name) {
        named(name).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    }

    @Override
    public Progress progress(String id) throws InterruptedException {
        Job job;
        try {
            job = named(id).get();
        } catch (KubernetesClientException away) {
            orInterrupted();
            return new Progress.Unknown(because(away));
        }
        if (job == null || !uid.equals(job.getMetadata().getUid())) {
            return new Progress.Lost(
                    "the Job %s is gone, and nobody saw how it ended".formatted(id));
        }
        Optional<JobCondition> end = JobObject.end(job);
        if (end.isEmpty()) {
            return new Progress.Running();
        }
        JobOutput output = JobOutput.of(client, run.task().namespace(), uid);
        if (JobObject.passed(job)) {
            return new Progress.Over(0, "", output.text());
        }
        int exit = output.exit().filter(it -> it > 0).orElse(1);
        return new Progress.Over(
                exit,
                "Job %s: %s%s".formatted(id, told(end.get().getReason()), message(end.get())),
                output.text());
    }

    private static String message(JobCondition end) {
        return end.getMessage() == null ? "" : ", " + told(end.getMessage());
    }

    private static String told(@Nullable String words) {
        String all = words == null ? "failed" : words.replaceAll("\\p{Cntrl}+", " ");
        return all.substring(0, Math.min(all.length(), LONGEST_WORDS));
    }

    @Override
    public String stop(String id) throws InterruptedException {
        String output = lastOutput();
        remove(id);
        return output;
    }

    /** Read before the Job and its pods go, as far as that is quick. */
    private String lastOutput() throws InterruptedException {
        var read = new FutureTask<>(() -> JobOutput.of(client, run.task().namespace(), uid).text());
        Thread reading = Thread.ofVirtual().name("output of a job").start(read);
        try {
            return read.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            reading.interrupt();
            return "its output could not be read in time\n";
        }
    }

    /** Its name is known before it is made; one that was made for somebody else stays. */
    @Override
    public boolean stopUnnamed() {
        String name = JobObject.name(run);
        try {
            Job job = named(name).get();
            if (job != null && JobObject.isOurs(job) && JobObject.end(job).isEmpty()) {
                remove(name);
            }
            return true;
        } catch (KubernetesClientException unknown) {
            return false;
        }
    }

    @Override
    public boolean isFoundAgain() {
        return true;
    }

    private void remove(String id) {
        try {
            delete(id);
        } catch (KubernetesClientException trouble) {
            LOG.atWarn()
                    .addKeyValue("job", id)
                    .addKeyValue("because", because(trouble))
                    .log("job not deleted, its deadline ends it");
        }
    }

    static void orInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the run was stopped");
        }
    }

    /** What says nothing about the manifest is to be asked for again. */
    static NotStarted notStarted(String what, KubernetesClientException trouble) {
        int code = trouble.getCode();
        return new NotStarted(
                isUnanswered(trouble) || code == 429 || code >= 500
                        ? Outcome.UNKNOWN
                        : Outcome.NOT_STARTED,
                what + because(trouble));
    }

    /** The client says 0 or -1, by where it was that the connection failed. */
    private static boolean isUnanswered(KubernetesClientException trouble) {
        return trouble.getCode() <= 0;
    }

    /** The API server's own words, which say what is not allowed or not right. */
    static String because(KubernetesClientException trouble) {
        String said = trouble.getStatus() == null ? null : trouble.getStatus().getMessage();
        return isUnanswered(trouble)
                ? "the API server did not answer"
                : "status %d, %s".formatted(trouble.getCode(), told(said));
    }
}
