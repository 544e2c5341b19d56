package dev.serinus.loadtester.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What somebody wrote as the manifest of a Job, judged: whose Job it would be, as whom it would
 * run, whether it ends and goes by itself, and whether its pods stay pods. All else of a pod is for
 * the cluster's admission to say.
 *
 * @param job null where there are problems
 * @param problems all that is wrong, each by its path
 */
record JobManifest(@Nullable Job job, List<String> problems) {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String CONTROLLER = "kubernetes.io/job-controller";
    private static final int MOST_PODS = 100;

    JobManifest {
        problems = List.copyOf(problems);
    }

    /**
     * @param namespace in which the Job is to be
     * @param rules the only account that it may name, and what its pods may be
     */
    static JobManifest read(String text, String namespace, JobRules rules) {
        GenericKubernetesResource any;
        Job job;
        try {
            List<String> documents = documents(text);
            if (documents.size() > 1) {
                return new JobManifest(null, List.of("has to be one document"));
            }
            any =
                    documents.isEmpty()
                            ? null
                            : YAML.unmarshal(documents.getFirst(), GenericKubernetesResource.class);
            if (any == null) {
                return new JobManifest(null, List.of("is empty"));
            }
            if (!"Job".equals(any.getKind()) || !"batch/v1".equals(any.getApiVersion())) {
                return new JobManifest(null, List.of("kind: has to be Job of batch/v1"));
            }
            job = YAML.unmarshal(documents.getFirst(), Job.class);
        } catch (RuntimeException unreadable) {
            // The parser's own message quotes the text.
            return new JobManifest(null, List.of("cannot be read as the YAML of a Job"));
        }
        List<String> problems = problems(job, namespace, rules);
        return new JobManifest(problems.isEmpty() ? job : null, problems);
    }

    /** Those that say anything: comments and empty ones beside it are no other. */
    private static List<String> documents(String text) {
        return Arrays.stream(text.split("(?m)^---(?=\\s|$)"))
                .filter(
                        document ->
                                document.lines()
                                        .map(String::strip)
                                        .anyMatch(
                                                line ->
                                                        !line.isEmpty()
                                                                && !line.startsWith("#")
                                                                && !line.startsWith("%")
                                                                && !line.equals("...")))
                .toList();
    }

    private static List<String> problems(Job job, String namespace, JobRules rules) {
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
        promises(job.getSpec(), problems);
        if (!rules.hostAccess()) {
            host(pod, problems);
        }
        String allowed = rules.serviceAccount() == null ? "default" : rules.serviceAccount();
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

    /**
     * What would keep the cluster from ending it, from taking it away, or from finding its pods.
     */
    private static void promises(JobSpec spec, List<String> problems) {
        if (Boolean.TRUE.equals(spec.getSuspend())) {
            problems.add("spec.suspend: a Job that does not run has no end; leave it out");
        }
        if (spec.getManagedBy() != null && !spec.getManagedBy().equals(CONTROLLER)) {
            problems.add("spec.managedBy: another controller need not end it; leave it out");
        }
        if (Boolean.TRUE.equals(spec.getManualSelector()) || spec.getSelector() != null) {
            problems.add("spec.selector: would take others' pods; leave it out");
        }
        var template = spec.getTemplate().getMetadata();
        if (template != null
                && template.getFinalizers() != null
                && !template.getFinalizers().isEmpty()) {
            problems.add("spec.template.metadata.finalizers: keep its pods; leave them out");
        }
        most("spec.parallelism", spec.getParallelism(), problems);
        most("spec.completions", spec.getCompletions(), problems);
        most("spec.backoffLimit", spec.getBackoffLimit(), problems);
    }

    private static void most(String path, @Nullable Integer written, List<String> problems) {
        if (written != null && written > MOST_PODS) {
            problems.add("%s: is %d, may be %d".formatted(path, written, MOST_PODS));
        }
    }

    private static void host(PodSpec pod, List<String> problems) {
        Map<String, Boolean> shared = new TreeMap<>();
        shared.put("hostNetwork", Boolean.TRUE.equals(pod.getHostNetwork()));
        shared.put("hostPID", Boolean.TRUE.equals(pod.getHostPID()));
        shared.put("hostIPC", Boolean.TRUE.equals(pod.getHostIPC()));
        shared.put("volumes.hostPath", pod.getVolumes().stream().anyMatch(JobManifest::isOfHost));
        shared.put(
                "securityContext.privileged",
                Stream.of(pod.getContainers(), pod.getInitContainers())
                        .flatMap(List::stream)
                        .map(Container::getSecurityContext)
                        .anyMatch(JobManifest::isPrivileged));
        shared.forEach(
                (path, isShared) -> {
                    if (isShared) {
                        problems.add(
                                "spec.template.spec.%s: the operator of the load tester does not allow it (SERINUS_LOADTESTER_JOBS_HOST_ACCESS)"
                                        .formatted(path));
                    }
                });
    }

    private static boolean isOfHost(Volume volume) {
        return volume.getHostPath() != null;
    }

    private static boolean isPrivileged(@Nullable SecurityContext context) {
        return context != null
                && (Boolean.TRUE.equals(context.getPrivileged())
                        || (context.getCapabilities() != null
                                && !context.getCapabilities().getAdd().isEmpty()));
    }

    static @Nullable PodSpec podOf(Job job) {
        return job.getSpec() == null || job.getSpec().getTemplate() == null
                ? null
                : job.getSpec().getTemplate().getSpec();
    }
}
