package dev.serinus.installation.pods;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A pod that runs, asked by its own probes. */
final class RunningPod implements AutoCloseable {

    private final Pod pod;
    private final Container container;
    private final ContainerProcess process;
    private final HttpClient http = HttpClient.newHttpClient();

    RunningPod(Pod pod, Container container, ContainerProcess process) {
        this.pod = pod;
        this.container = container;
        this.process = process;
    }

    String uid() {
        return pod.getMetadata().getUid();
    }

    /** Whether its workload never has two at a time, as StatefulSets and the watcher's has. */
    boolean isAlone() {
        return pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getKind().equals("StatefulSet"))
                || component().equals("watcher");
    }

    /** The service that it runs; empty for the all-in-one. */
    String component() {
        return pod.getMetadata().getLabels().getOrDefault("app.kubernetes.io/component", "");
    }

    ContainerProcess process() {
        return process;
    }

    /** Where its port is. */
    URI url(String path) {
        int port =
                container.getPorts().stream()
                        .filter(each -> each.getName().equals("http"))
                        .mapToInt(ContainerPort::getContainerPort)
                        .findFirst()
                        .orElseThrow();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Returns once its probes say so, as fast as they have to; fails with the end of its log. */
    RunningPod awaitReady() {
        try {
            await(pod.getMetadata().getName() + " starts")
                    .atMost(patience(container.getStartupProbe()))
                    .until(() -> !process.runs() || succeeds(container.getStartupProbe()));
            await(pod.getMetadata().getName() + " is ready")
                    .atMost(Duration.ofMinutes(5))
                    .until(
                            () ->
                                    !process.runs()
                                            || (succeeds(container.getReadinessProbe())
                                                    && succeeds(container.getLivenessProbe())));
        } catch (RuntimeException late) {
            throw new AssertionError(late.getMessage() + "; its log:\n" + process.log(), late);
        }
        if (!process.runs()) {
            throw new AssertionError(pod.getMetadata().getName() + " ended:\n" + process.log());
        }
        return this;
    }

    /** Waits until it has ended by itself; what it said. */
    String awaitEnd() {
        await(pod.getMetadata().getName() + " ends")
                .atMost(patience(container.getStartupProbe()))
                .until(() -> !process.runs());
        return process.log();
    }

    private static Duration patience(Probe probe) {
        return Duration.ofSeconds((long) probe.getPeriodSeconds() * probe.getFailureThreshold());
    }

    private boolean succeeds(Probe probe) {
        return answer(probe.getHttpGet().getPath()).startsWith("200 ");
    }

    /** Status and body. */
    String answer(String path) {
        try {
            var response =
                    http.send(
                            HttpRequest.newBuilder(url(path)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException nobody) {
            return "0 " + nobody;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "0 interrupted";
        }
    }

    /** The memory that it may have, in bytes. */
    long memoryLimit() {
        return Quantity.getAmountInBytes(container.getResources().getLimits().get("memory"))
                .longValueExact();
    }

    /** Asks it to end; true when it did within the time that its pod allows. */
    boolean stop() throws InterruptedException {
        return process.stop(pod.getSpec().getTerminationGracePeriodSeconds());
    }

    @Override
    public void close() {
        process.close();
    }
}
