package dev.serinus.installation.pods;

import dev.serinus.installation.pods.ContainerProcess.Mount;
import dev.serinus.testbed.ControlPlane;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs pods of the test bed, whose own kubelet only pretends to, as processes of this machine: the
 * entry point of the image with the container's arguments, its variables, its volumes, a token of
 * its service account, and nothing else of the file system to be written to. The network is this
 * machine's.
 */
final class Kubelet {

    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** The user of the images. */
    private static final long USER = 10001;

    private static final long INIT_SECONDS = 120;

    private final ControlPlane plane;
    private final KubernetesClient client;
    private final Path directory;
    private final PodEnvironment environment;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, Mount> offered = new ConcurrentHashMap<>();

    /**
     * @param directory for volumes and logs
     */
    Kubelet(ControlPlane plane, KubernetesClient client, Path directory) {
        this.plane = plane;
        this.client = client;
        this.directory = directory;
        this.environment = new PodEnvironment(client, URI.create(plane.server()));
    }

    /**
     * Has an image of others, which has this machine's programs and one folder.
     *
     * @param where the folder is in the image
     */
    void offer(String image, Path folder, String where) {
        offered.put(image, new Mount(folder, where, false));
    }

    /** Runs the containers that come first to their ends, then starts the pod's one. */
    RunningPod run(Pod pod) throws IOException, InterruptedException {
        Path work =
                Files.createDirectories(
                        directory.resolve(
                                "%d-%s"
                                        .formatted(
                                                number.incrementAndGet(),
                                                pod.getMetadata().getName())));
        open(directory);
        open(work);
        Map<String, Path> volumes = volumes(pod, work);
        for (Container first : pod.getSpec().getInitContainers()) {
            try (var process = start(pod, first, volumes, work)) {
                process.awaitSuccess(INIT_SECONDS);
            }
        }
        Container container = pod.getSpec().getContainers().getFirst();
        return new RunningPod(pod, container, start(pod, container, volumes, work));
    }

    /** Runs several at the same time; returns when all of them are started. */
    List<RunningPod> runAll(List<Pod> pods) throws InterruptedException, ExecutionException {
        List<RunningPod> running = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RunningPod>> starts =
                    pods.stream().map(pod -> threads.submit(() -> run(pod))).toList();
            for (var start : starts) {
                running.add(start.get());
            }
        }
        return running;
    }

    private ContainerProcess start(
            Pod pod, Container container, Map<String, Path> volumes, Path work) throws IOException {
        Path own = Files.createDirectories(work.resolve(container.getName()));
        open(own);
        List<Mount> mounts = new ArrayList<>();
        List<String> command = new ArrayList<>(container.getCommand());
        Mount others = offered.get(container.getImage());
        if (others == null) {
            var layout = Images.layout(container.getImage(), own);
            mounts.add(new Mount(layout.app(), "/opt/serinus/app", false));
            mounts.add(new Mount(layout.libraries(), "/opt/serinus/lib", false));
            mounts.add(new Mount(layout.options(), "/opt/serinus/java.options", false));
            command.addAll(Images.entryPoint());
        } else {
            mounts.add(others);
        }
        for (VolumeMount mount : container.getVolumeMounts()) {
            mounts.add(
                    new Mount(
                            Objects.requireNonNull(volumes.get(mount.getName()), mount.getName()),
                            mount.getMountPath(),
                            !Boolean.TRUE.equals(mount.getReadOnly())));
        }
        if (!Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())) {
            mounts.add(new Mount(account(pod, work), ACCOUNT, false));
        }
        var security = container.getSecurityContext();
        Long user = security == null ? null : security.getRunAsUser();
        command.addAll(container.getArgs());
        return ContainerProcess.start(
                pod.getMetadata().getName() + "/" + container.getName(),
                command,
                environment.of(pod, container),
                mounts,
                user == null ? USER : user,
                own);
    }

    private Map<String, Path> volumes(Pod pod, Path work) throws IOException {
        Map<String, Path> all = new HashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            Path folder;
            if (volume.getEmptyDir() != null) {
                folder = Files.createDirectories(work.resolve("volume-" + volume.getName()));
            } else if (volume.getPersistentVolumeClaim() != null) {
                // What is claimed outlives the pod.
                folder =
                        Files.createDirectories(
                                directory.resolve(
                                        "claim-"
                                                + volume.getPersistentVolumeClaim()
                                                        .getClaimName()));
            } else if (volume.getSecret() != null) {
                folder = Files.createDirectories(work.resolve("volume-" + volume.getName()));
                for (var file :
                        environment
                                .secret(
                                        pod.getMetadata().getNamespace(),
                                        volume.getSecret().getSecretName())
                                .entrySet()) {
                    Files.writeString(folder.resolve(file.getKey()), file.getValue());
                }
            } else {
                throw new IllegalStateException("a volume that is not played here: " + volume);
            }
            // As fsGroup makes it for the group, and an emptyDir is for all.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            all.put(volume.getName(), folder);
        }
        return all;
    }

    /** What the account's projected volume holds. */
    private Path account(Pod pod, Path work) throws IOException {
        Path folder = Files.createDirectories(work.resolve("account"));
        String namespace = pod.getMetadata().getNamespace();
        var token =
                client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName(pod.getSpec().getServiceAccountName())
                        .tokenRequest(
                                new TokenRequestBuilder()
                                        .withNewSpec()
                                        .withExpirationSeconds(3600L)
                                        .endSpec()
                                        .build());
        Files.writeString(folder.resolve("token"), token.getStatus().getToken());
        Files.copy(
                plane.identity().certificate(),
                folder.resolve("ca.crt"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("namespace"), namespace);
        return folder;
    }

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
