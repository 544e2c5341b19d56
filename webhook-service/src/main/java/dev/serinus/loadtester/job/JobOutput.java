package dev.serinus.loadtester.job;

import dev.serinus.loadtester.task.BoundedOutput;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the pods of a Job wrote and ended with.
 *
 * @param text the last lines of each, the newest pod last
 * @param exit exit status of the newest pod's container; empty where nobody knows
 */
record JobOutput(String text, Optional<Integer> exit) {

    private static final int MOST_PODS = 5;
    private static final int LAST_LINES = 500;

    private static final int MOST_BYTES = 1024 * 1024;
    private static final long MOST_READ = 64L * 1024 * 1024;

    private static final String MAIN = "kubectl.kubernetes.io/default-container";

    /**
     * What there is of it: a log that cannot be read is said in its place.
     *
     * @param uid of the Job
     */
    static JobOutput of(KubernetesClient client, String namespace, String uid) {
        List<Pod> pods;
        try {
            pods =
                    client
                            .pods()
                            .inNamespace(namespace)
                            .withLabel("controller-uid", uid)
                            .list()
                            .getItems()
                            .stream()
                            .sorted(Comparator.comparing(JobOutput::created))
                            .toList();
        } catch (KubernetesClientException trouble) {
            return new JobOutput(
                    "its pods cannot be listed: " + JobRun.because(trouble) + "\n",
                    Optional.empty());
        }
        if (pods.isEmpty()) {
            return new JobOutput("it has no pods (any more)\n", Optional.empty());
        }
        var text = new StringBuilder();
        pods.stream()
                .skip(Math.max(0, pods.size() - MOST_PODS))
                .forEach(pod -> text.append(log(client, pod)));
        return new JobOutput(text.toString(), exit(pods.getLast()));
    }

    private static String created(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), "")
                + pod.getMetadata().getName();
    }

    private static String log(KubernetesClient client, Pod pod) {
        try {
            // Not limitBytes: that leaves out the end, where reports are.
            InputStream input =
                    client.pods()
                            .inNamespace(pod.getMetadata().getNamespace())
                            .withName(pod.getMetadata().getName())
                            .inContainer(container(pod))
                            .tailingLines(LAST_LINES)
                            .getLogInputStream();
            String log = input == null ? "" : end(input);
            return log.isEmpty() || log.endsWith("\n") ? log : log + "\n";
        } catch (IOException broken) {
            return "the log of pod %s broke off\n".formatted(pod.getMetadata().getName());
        } catch (KubernetesClientException trouble) {
            return "the log of pod %s cannot be read: %s\n"
                    .formatted(pod.getMetadata().getName(), JobRun.because(trouble));
        }
    }

    /** Lines have no length of their own: of very long ones the middle is left out. */
    private static String end(InputStream input) throws IOException {
        var kept = new BoundedOutput(MOST_BYTES);
        byte[] part = new byte[16 * 1024];
        try (input) {
            for (long read = 0; read < MOST_READ; ) {
                int count = input.read(part);
                if (count < 0) {
                    break;
                }
                kept.write(part, count);
                read += count;
            }
        }
        return kept.text();
    }

    private static String container(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String named = annotations == null ? null : annotations.get(MAIN);
        return named != null
                ? named
                : pod.getSpec().getContainers().stream()
                        .map(Container::getName)
                        .findFirst()
                        .orElse("");
    }

    private static Optional<Integer> exit(Pod pod) {
        String container = container(pod);
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getContainerStatuses().stream()
                        .filter(each -> each.getName().equals(container))
                        .map(ContainerStatus::getState)
                        .filter(Objects::nonNull)
                        .map(state -> Optional.ofNullable(state.getTerminated()))
                        .flatMap(Optional::stream)
                        .map(ContainerStateTerminated::getExitCode)
                        .filter(Objects::nonNull)
                        .findFirst();
    }
}
