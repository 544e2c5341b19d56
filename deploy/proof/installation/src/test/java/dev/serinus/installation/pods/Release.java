package dev.serinus.installation.pods;

import static org.awaitility.Awaitility.await;

import dev.serinus.installation.chart.Helm;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A release of the chart in a test's namespace. */
final class Release {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestBed bed;
    private final String name;

    Release(TestBed bed, String name) {
        this.bed = bed;
        this.name = name;
    }

    String install(List<String> values) {
        return helm("install", values).orFail();
    }

    String upgrade(List<String> values) {
        return helm("upgrade", values).orFail();
    }

    /** Back to an earlier revision of the release, the first of which is 1. */
    String rollback(int revision) {
        return Helm.run(
                        "rollback",
                        name,
                        Integer.toString(revision),
                        "--kubeconfig",
                        bed.kubeconfig(User.ADMIN).toString(),
                        "--namespace",
                        bed.namespace(),
                        "--wait",
                        "--timeout",
                        "90s")
                .orFail();
    }

    Helm.Outcome helm(String command, List<String> values) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                command,
                                name,
                                Helm.CHART.toString(),
                                "--kubeconfig",
                                bed.kubeconfig(User.ADMIN).toString(),
                                "--namespace",
                                bed.namespace(),
                                // The test bed's definitions are there already, as Flagger's
                                // would be.
                                "--take-ownership",
                                "--force-conflicts",
                                "--wait",
                                "--timeout",
                                "90s"));
        values.forEach(value -> arguments.addAll(List.of("--set", value)));
        return Helm.run(arguments.toArray(String[]::new));
    }

    String uninstall() {
        return Helm.run(
                        "uninstall",
                        name,
                        "--kubeconfig",
                        bed.kubeconfig(User.ADMIN).toString(),
                        "--namespace",
                        bed.namespace(),
                        "--wait",
                        "--timeout",
                        "90s")
                .orFail();
    }

    /** A volume for whoever claims it, as a provisioner would make one; kwok runs none. */
    void offerVolume() {
        var _ =
                bed.admin()
                        .resource(
                                new PersistentVolumeBuilder()
                                        .withNewMetadata()
                                        .withName(bed.namespace() + "-" + name)
                                        .endMetadata()
                                        .withNewSpec()
                                        .withCapacity(Map.of("storage", new Quantity("8Gi")))
                                        .withAccessModes("ReadWriteOnce")
                                        .withStorageClassName(bed.namespace())
                                        .withNewHostPath()
                                        .withPath("/nowhere")
                                        .endHostPath()
                                        .endSpec()
                                        .build())
                        .create();
    }

    /** The pods of the release once there are so many that are to stay, without one. */
    List<Pod> pods(int count, String butNot) {
        return await("pods of the release")
                .atMost(PATIENCE)
                .until(
                        () -> pods().stream().filter(pod -> !uid(pod).equals(butNot)).toList(),
                        found -> found.size() == count);
    }

    private List<Pod> pods() {
        return bed
                .admin()
                .pods()
                .inNamespace(bed.namespace())
                .withLabel("app.kubernetes.io/instance", name)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getSpec().getNodeName() != null)
                .toList();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
