package dev.serinus.loadtester.job;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What somebody wrote as the manifest of a Job, judged. What a pod may be is for the cluster's
 * admission to say; here is judged whose Job it would be, and as whom it would run.
 *
 * @param job null where there are problems
 * @param problems all that is wrong, each by its path
 */
record JobManifest(@Nullable Job job, List<String> problems) {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    JobManifest {
        problems = List.copyOf(problems);
    }

    /**
     * @param namespace in which the Job is to be
     * @param account the only account that it may name, besides the namespace's {@code default}
     *     where there is none
     */
    static JobManifest read(String text, String namespace, @Nullable String account) {
        GenericKubernetesResource any;
        Job job;
        try {
            if (text.strip().lines().skip(1).anyMatch(line -> line.matches("---(\\s.*)?"))) {
                return new JobManifest(null, List.of("has to be one document"));
            }
            any = YAML.unmarshal(text, GenericKubernetesResource.class);
            if (any == null) {
                return new JobManifest(null, List.of("is empty"));
            }
            if (!"Job".equals(any.getKind()) || !"batch/v1".equals(any.getApiVersion())) {
                return new JobManifest(null, List.of("kind: has to be Job of batch/v1"));
            }
            job = YAML.unmarshal(text, Job.class);
        } catch (RuntimeException unreadable) {
            // The parser's own message quotes the text.
            return new JobManifest(null, List.of("cannot be read as the YAML of a Job"));
        }
        List<String> problems = problems(job, namespace, account);
        return new JobManifest(problems.isEmpty() ? job : null, problems);
    }

    private static List<String> problems(Job job, String namespace, @Nullable String account) {
        List<String> problems = new ArrayList<>();
        String written = job.getMetadata() == null ? null : job.getMetadata().getNamespace();
        if (written != null && !written.equals(namespace)) {
            problems.add(
                    "metadata.namespace: is '%s'; a Job is made in the Canary's namespace, '%s'"
                            .formatted(written, namespace));
        }
        PodSpec pod = podOf(job);
        if (pod == null) {
            problems.add("spec.template.spec: is missing");
            return problems;
        }
        String allowed = account == null ? "default" : account;
        Stream.of(pod.getServiceAccountName(), pod.getServiceAccount())
                .filter(Objects::nonNull)
                .filter(named -> !named.isEmpty() && !named.equals(allowed))
                .findFirst()
                .ifPresent(
                        named ->
                                problems.add(
                                        "spec.template.spec.serviceAccountName: is '%s'; the operator of the load tester allows '%s' alone (SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT)"
                                                .formatted(named, allowed)));
        return problems;
    }

    static @Nullable PodSpec podOf(Job job) {
        return job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getSpec();
    }
}
