package dev.serinus.conformance.run;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.Step;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/** Plays one scenario from its first manifest to its last step. */
public final class Player {

    /** Between the phase that was waited for and the snapshot, for what is written after it. */
    private static final Duration SETTLING = Duration.ofMillis(1500);

    private static final String CONTAINER = "podinfod";

    private final Scenario scenario;
    private final World world;
    private final Recorder recorder;

    /** Where in the Canary's statuses the last wait matched. */
    private int at;

    public Player(Scenario scenario, World world, Recorder recorder) {
        this.scenario = scenario;
        this.world = world;
        this.recorder = recorder;
    }

    /** Does and waits for all of it, and returns what was recorded, until where it went wrong. */
    public Recording play(String controller) throws InterruptedException {
        String error = null;
        try {
            begin();
            for (JsonNode step : scenario.steps()) {
                recorder.step(step, world.now());
                take(Step.of(step));
            }
        } catch (World.Refused | Overdue failed) {
            error = failed.getMessage();
        }
        return recording(controller, error);
    }

    private Recording recording(String controller, @Nullable String error) {
        return recorder.recording(scenario.name(), controller, error, world.now());
    }

    private void begin() {
        world.open();
        scenario.base().forEach(world::apply);
        if (!scenario.elsewhere().isEmpty()) {
            world.apply(scenario.elsewhere());
        }
        world.apply(scenario.objects());
    }

    private void take(Step step) throws InterruptedException {
        switch (step) {
            case Step.Wait(var phase, var limit) -> {
                until(Json.object().put("phase", phase), limit);
                world.sleep(SETTLING);
                snapshot(phase);
            }
            case Step.WaitEvent(var text) -> {
                if (!world.await(() -> recorder.told(text), Step.PATIENCE)) {
                    throw new Overdue("no event says '" + text + "'");
                }
                snapshot("event: " + text);
            }
            case Step.WaitStatus(var wanted) -> {
                until(wanted, Step.PATIENCE);
                snapshot("status: " + Json.text(wanted));
            }
            case Step.Image(var workload, var image) -> world.setImage(workload, CONTAINER, image);
            case Step.Patch(var object, var patch) -> world.patch(object, patch, false);
            case Step.PatchStatus(var object, var patch) -> world.patch(object, patch, true);
            case Step.Apply(var manifests) -> world.apply(manifests);
            case Step.Annotate(var words) -> world.annotate(words);
            case Step.Delete(var words) -> world.delete(words);
            case Step.Sleep(var time) -> {
                world.sleep(time);
                snapshot(time.toSeconds() + " s");
            }
        }
    }

    private void snapshot(String label) {
        recorder.snapshot(label, world.objects());
    }

    /**
     * Waits for a status, however short it lasts: looks at all that came since the last wait
     * matched, that one included.
     */
    private void until(JsonNode wanted, Duration limit) throws InterruptedException {
        if (!world.await(() -> found(wanted), limit)) {
            List<JsonNode> all = recorder.statuses(0);
            throw new Overdue(
                    "status is %s, not %s"
                            .formatted(all.isEmpty() ? "absent" : all.getLast(), wanted));
        }
    }

    private boolean found(JsonNode wanted) {
        List<JsonNode> statuses = recorder.statuses(at);
        for (int i = 0; i < statuses.size(); i++) {
            JsonNode status = statuses.get(i);
            if (wanted.properties().stream()
                    .allMatch(each -> each.getValue().equals(status.get(each.getKey())))) {
                at += i;
                return true;
            }
        }
        return false;
    }

    /** Something that was waited for did not come. */
    private static final class Overdue extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overdue(String because) {
            super(because);
        }
    }
}
