package dev.serinus.installation.pods;

import io.fabric8.kubernetes.api.model.Pod;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of a release as processes that come and go as the API server says: those of which there
 * may be two at a time start before their predecessors stop, the others after.
 */
final class RunningRelease implements AutoCloseable {

    private final Release release;
    private final Kubelet kubelet;
    private final List<RunningPod> running = new ArrayList<>();
    private Instant changed = Instant.now();

    RunningRelease(Release release, Kubelet kubelet) {
        this.release = release;
        this.kubelet = kubelet;
    }

    /** Returns when just the pods run that are to, so many of them, and all are ready. */
    void follow(int count) throws Exception {
        List<Pod> wanted = release.pods(count, "");
        List<String> stay = wanted.stream().map(pod -> pod.getMetadata().getUid()).toList();
        List<RunningPod> gone = running.stream().filter(pod -> !stay.contains(pod.uid())).toList();
        for (RunningPod pod : gone) {
            if (pod.isAlone()) {
                stop(pod);
            }
        }
        List<String> there = running.stream().map(RunningPod::uid).toList();
        List<RunningPod> started =
                kubelet.runAll(
                        wanted.stream()
                                .filter(pod -> !there.contains(pod.getMetadata().getUid()))
                                .toList());
        running.addAll(started);
        started.forEach(RunningPod::awaitReady);
        for (RunningPod pod : gone) {
            if (!pod.isAlone()) {
                stop(pod);
            }
        }
        changed = Instant.now();
    }

    /** When it last was so. */
    Instant changed() {
        return changed;
    }

    private void stop(RunningPod pod) throws InterruptedException {
        if (!pod.stop()) {
            throw new AssertionError(pod.uid() + " did not end within its grace period");
        }
        running.remove(pod);
    }

    @Override
    public void close() {
        running.forEach(RunningPod::close);
    }
}
