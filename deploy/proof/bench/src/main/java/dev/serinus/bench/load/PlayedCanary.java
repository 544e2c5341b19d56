package dev.serinus.bench.load;

import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One canary in a cluster where everything succeeds at once: its commands are carried out and its
 * questions answered the moment they are put. For one thread at a time.
 */
final class PlayedCanary {

    private final CanaryKey key;
    private final Duration interval;
    private int release;
    private String primary = "";
    private boolean running = true;

    PlayedCanary(CanaryKey key, Duration interval) {
        this.key = key;
        this.interval = interval;
    }

    CanaryKey key() {
        return key;
    }

    /** The Canary and its target are seen for the first time. */
    List<EdgeFact> created() {
        return List.of(
                change(
                        CanaryObserved.newBuilder()
                                .setGeneration(1)
                                .setSpec(RolloutShape.spec(key.name(), interval))
                                .setDeleting(false)
                                .build()),
                seen(Role.TARGET));
    }

    /** The target has a new template. */
    List<EdgeFact> released() {
        release++;
        return List.of(seen(Role.TARGET));
    }

    /** What router and watcher tell of a command that was carried out. */
    List<EdgeFact> carriedOut(RouterCommand command) {
        List<EdgeFact> facts = new ArrayList<>();
        switch (command.getAction()) {
            case INITIALIZE, PROMOTE -> {
                primary = revision();
                facts.add(seen(Role.PRIMARY));
            }
            case SCALE, TAKE_OVER -> {
                running = command.getTargetRunning();
                facts.add(seen(Role.TARGET));
            }
            case SHIFT, RESTORE -> {}
        }
        facts.addFirst(
                new EdgeFact.Routed(
                        RouterResult.newBuilder()
                                .setCanary(key.toString())
                                .setStep(command.getStep())
                                .setGeneration(command.getGeneration())
                                .setAction(command.getAction())
                                .setOutcome(RouterOutcome.DONE)
                                .setBecause("")
                                .setCanaryWeight(command.getCanaryWeight())
                                .setMirrored(command.getMirrored())
                                .setWrites(1)
                                .setRevision(primary)
                                .build()));
        return facts;
    }

    /** Every metric passes. */
    List<EdgeFact> measured(MetricQuery query) {
        return List.of(
                new EdgeFact.Measured(
                        MetricResult.newBuilder()
                                .setCanary(key.toString())
                                .setStep(query.getStep())
                                .setGeneration(query.getGeneration())
                                .setMeasurements(
                                        List.of(
                                                value(0, "request-success-rate", 100),
                                                value(1, "request-duration", 20)))
                                .setAnsweredAt(Instant.now())
                                .build()));
    }

    /** Every webhook passes. */
    List<EdgeFact> called(WebhookCall call) {
        return List.of(
                new EdgeFact.Called(
                        WebhookResult.newBuilder()
                                .setCanary(key.toString())
                                .setStep(call.getStep())
                                .setGeneration(call.getGeneration())
                                .setHook(call.getHook())
                                .setPassed(true)
                                .setStatus(200)
                                .setBecause("")
                                .setTookMillis(1)
                                .build()));
    }

    private static Measurement value(int index, String metric, double value) {
        return Measurement.newBuilder()
                .setIndex(index)
                .setMetric(metric)
                .setKind(MetricKind.BUILTIN)
                .setOutcome(MeasurementOutcome.VALUE)
                .setValue(value)
                .build();
    }

    private String revision() {
        return "revision-" + release;
    }

    private EdgeFact seen(Role role) {
        int pods = role == Role.PRIMARY || running ? 2 : 0;
        return change(
                WorkloadObserved.newBuilder()
                        .setRole(role)
                        .setExists(true)
                        .setRevision(role == Role.PRIMARY ? primary : revision())
                        .setDesired(pods)
                        .setUpdated(pods)
                        .setAvailable(pods)
                        .setReady(true)
                        .setStuck(false)
                        .setBecause("")
                        .build());
    }

    private EdgeFact change(SpecificRecord body) {
        return new EdgeFact.Changed(
                Change.newBuilder()
                        .setCanary(key.toString())
                        .setUid("uid-of-" + key.name())
                        .setObservedAt(Instant.now())
                        .setBody(body)
                        .build());
    }
}
