package dev.serinus.loadtester.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.Task;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Job that a run makes of a manifest. Its name is that of the test: canary, phase, run and
 * release, and the place of its manifest. So one that is under way is found again, by whomever, and
 * there is never a second one beside it.
 */
final class JobObject {

    static final String OWNER = "app.kubernetes.io/managed-by";
    static final String LOAD_TESTER = "serinus-loadtester";
    static final String QUESTION = "serinus.dev/webhook-id";

    /** So long a Job stays after its end, for people, and for a load tester that began anew. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final int LONGEST_NAME = 40;

    private JobObject() {}

    static String name(Run run) {
        Task task = run.task();
        List<String> said = new ArrayList<>();
        said.add(task.namespace());
        said.add(task.name());
        said.add(run.facts().phase());
        said.add(Long.toString(run.facts().run()));
        said.add(run.checksum());
        // A map has no order of its own: another process has another one.
        new TreeMap<>(task.settings())
                .forEach(
                        (key, value) -> {
                            said.add(key);
                            said.add(value);
                        });
        String name = task.name().replace('.', '-');
        return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "-" + digest(said);
    }

    /** Of the words with their lengths, so that no two lists are one. */
    private static String digest(List<String> words) {
        var text = new StringBuilder();
        words.forEach(word -> text.append(word.length()).append(':').append(word));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JVM has SHA-256", never);
        }
    }

    /**
     * What is made of a manifest: pods and their number are its own, whose it is and how long it
     * may take is not.
     *
     * @param account that it has where it names none; null to leave it so
     */
    static Job of(Job manifest, Run run, Duration timeout, @Nullable String account) {
        var metadata = manifest.getMetadata();
        long most = Math.max(1, timeout.plusMillis(999).toSeconds());
        Long deadline = manifest.getSpec().getActiveDeadlineSeconds();
        var job =
                new JobBuilder(manifest)
                        .withNewMetadata()
                        .withName(name(run))
                        .withNamespace(run.task().namespace())
                        .withLabels(orNone(metadata == null ? null : metadata.getLabels()))
                        .withAnnotations(
                                orNone(metadata == null ? null : metadata.getAnnotations()))
                        .addToLabels(OWNER, LOAD_TESTER)
                        .addToAnnotations(annotations(run))
                        .endMetadata()
                        .editSpec()
                        .withActiveDeadlineSeconds(
                                deadline == null ? most : Math.min(most, deadline))
                        // Whatever it says itself: what goes at its end is told by nobody.
                        .withTtlSecondsAfterFinished((int) KEPT.toSeconds())
                        .endSpec();
        if (account != null) {
            job.editSpec()
                    .editTemplate()
                    .editSpec()
                    .withServiceAccountName(account)
                    .withServiceAccount(null)
                    .endSpec()
                    .endTemplate()
                    .endSpec();
        }
        return job.withStatus(null).build();
    }

    private static Map<String, String> orNone(@Nullable Map<String, String> written) {
        return written == null ? Map.of() : written;
    }

    private static Map<String, String> annotations(Run run) {
        return Map.of(
                "serinus.dev/canary",
                run.task().name(),
                "serinus.dev/phase",
                run.facts().phase(),
                "serinus.dev/run",
                Long.toString(run.facts().run()),
                QUESTION,
                run.question());
    }

    static boolean isOurs(Job job) {
        return LOAD_TESTER.equals(orNone(job.getMetadata().getLabels()).get(OWNER));
    }

    /** Whether it was made for the same call of a hook. */
    static boolean isFor(Job job, String question) {
        return !question.isEmpty()
                && question.equals(orNone(job.getMetadata().getAnnotations()).get(QUESTION));
    }

    /** How it ended: Complete or Failed; empty while it runs. */
    static Optional<JobCondition> end(Job job) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(it -> "True".equals(it.getStatus()))
                        .filter(
                                it ->
                                        "Complete".equals(it.getType())
                                                || "Failed".equals(it.getType()))
                        .findFirst();
    }

    static boolean passed(Job job) {
        return end(job).filter(it -> it.getType().equals("Complete")).isPresent();
    }
}
