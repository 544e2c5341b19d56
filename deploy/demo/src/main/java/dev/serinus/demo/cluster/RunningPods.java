package dev.serinus.demo.cluster;

import dev.serinus.demo.measure.Samples;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** The pods of one Deployment. Used by one thread. */
final class RunningPods {

    private static final Duration DRAIN = Duration.ofSeconds(1);

    /** A pod, the template it came from, and whether it has come up. */
    private static final class Slot {
        final Pod pod;
        final String template;
        boolean ready;

        Slot(Pod pod, String template) {
            this.pod = pod;
            this.template = template;
        }
    }

    private final String namespace;
    private final String deployment;
    private final Pods endpoints;
    private final Samples samples;
    private final ScheduledExecutorService timer;
    private final SplittableRandom chance;
    private final List<Slot> slots = new ArrayList<>();

    RunningPods(
            String namespace,
            String deployment,
            Pods endpoints,
            Samples samples,
            ScheduledExecutorService timer,
            SplittableRandom chance) {
        this.namespace = namespace;
        this.deployment = deployment;
        this.endpoints = endpoints;
        this.samples = samples;
        this.timer = timer;
        this.chance = chance;
    }

    /**
     * How many there are of the newest template, how many of any template serve, how many there
     * are.
     */
    record Count(int updated, int available, int all) {}

    /**
     * One step towards this many pods of this template, in the way of a rolling update that never
     * goes below what is wanted: new ones first, old ones go once all new ones serve. Pods that
     * were started come up in {@code later}.
     */
    Count reconcile(PodTemplateSpec template, int wanted, Duration startup, Runnable later) {
        String hash = hash(template);
        List<Slot> updated = slots.stream().filter(s -> s.template.equals(hash)).toList();
        for (int i = updated.size(); i < wanted; i++) {
            start(template, hash, startup, later);
        }
        updated.stream().skip(wanted).forEach(this::stop);
        updated = slots.stream().filter(s -> s.template.equals(hash)).toList();
        if (updated.stream().filter(s -> s.ready).count() >= wanted) {
            List.copyOf(slots).stream().filter(s -> !s.template.equals(hash)).forEach(this::stop);
        }
        // Old ones serve until new ones do: without them an update looks like an outage.
        int available = (int) slots.stream().filter(s -> s.ready).count();
        return new Count(updated.size(), available, slots.size());
    }

    private void start(PodTemplateSpec template, String hash, Duration startup, Runnable later) {
        var name =
                deployment
                        + "-"
                        + hash
                        + "-"
                        + Long.toString(chance.nextLong(1 << 20, 1 << 24), 36);
        var pod =
                new Pod(
                        namespace,
                        name,
                        template.getMetadata().getLabels(),
                        Behaviour.of(template.getSpec()),
                        chance.split());
        samples.add(pod.meter());
        var slot = new Slot(pod, hash);
        slots.add(slot);
        var _ =
                timer.schedule(
                        () -> {
                            if (slots.contains(slot)) {
                                slot.ready = true;
                                endpoints.add(namespace, pod);
                                later.run();
                            }
                        },
                        startup.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    // First out of the endpoints, then, when the requests in flight are answered, off.
    private void stop(Slot slot) {
        slots.remove(slot);
        endpoints.remove(namespace, slot.pod);
        var _ = timer.schedule(() -> end(slot), DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end(Slot slot) {
        slot.pod.close();
        samples.remove(slot.pod.meter(), Clock.systemUTC().instant());
    }

    void stopAll() {
        List.copyOf(slots).forEach(this::stop);
    }

    void close() {
        slots.forEach(slot -> slot.pod.close());
        slots.clear();
    }

    private static String hash(PodTemplateSpec template) {
        var crc = new CRC32();
        crc.update(
                Serialization.asJson(template).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
