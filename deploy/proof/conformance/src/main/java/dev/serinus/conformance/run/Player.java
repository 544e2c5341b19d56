package dev.serinus.conformance.run;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.Step;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Plays one scenario from its first manifest to its last step. */
public final class Player {

    /** Between the phase that was waited for and the snapshot, for what is written after it. */
    private static final Duration SETTLING = Duration.ofMillis(1500);

    private static final String CONTAINER = "podinfod";

    /** The label of what went wrong in a step that may fail. */
    public static final String FAILED = "TRY FAILED";

    private final Scenario scenario;
    private final World world;
    private final Recorder recorder;

    private final Deque<World.Work> background = new ArrayDeque<>();

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
        } finally {
            endBackground();
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
        if (!scenario.objects().isEmpty()) {
            world.apply(scenario.objects());
        }
    }

    private void endBackground() {
        while (!background.isEmpty()) {
            background.pop().close();
        }
    }

    private void take(Step step) throws InterruptedException {
        switch (step) {
            case Step.Wait(var phase, var canary, var limit) -> {
                until(canary, Json.object().put("phase", phase), limit);
                world.sleep(SETTLING);
                snapshot(phase);
            }
            case Step.WaitEvent(var text) -> {
                if (!world.await(() -> recorder.told(text), Step.PATIENCE)) {
                    throw new Overdue("no event says '" + text + "'");
                }
                snapshot("event: " + text);
            }
            case Step.WaitStatus(var wanted, var limit) -> {
                until(null, wanted, limit);
                snapshot("status: " + Json.text(wanted));
            }
            case Step.Image(var workload, var image) -> world.setImage(workload, CONTAINER, image);
            case Step.Patch(var object, var patch) -> world.patch(object, patch, false);
            case Step.PatchStatus(var object, var patch) -> world.patch(object, patch, true);
            case Step.Apply(var manifests) -> world.apply(manifests);
            case Step.Annotate(var words) -> world.annotate(words);
            case Step.Delete(var words) -> world.delete(words);
            case Step.Shell(var script, var label, var limit) -> {
                double began = world.now();
                recorder.said(label, world.shell(script, limit), began);
            }
            case Step.Background(var script) -> background.push(world.background(script));
            case Step.EndBackground() -> endBackground();
            case Step.Try(var attempt) -> {
                try {
                    take(attempt);
                } catch (World.Refused | Overdue failed) {
                    recorder.said(FAILED, String.valueOf(failed.getMessage()), world.now());
                }
            }
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
    private void until(@Nullable String canary, JsonNode wanted, Duration limit)
            throws InterruptedException {
        if (!world.await(() -> found(canary, wanted), limit)) {
            List<Recorder.Status> all = recorder.statuses(0);
            throw new Overdue(
                    "status is %s, not %s"
                            .formatted(all.isEmpty() ? "absent" : all.getLast().status(), wanted));
        }
    }

    private boolean found(@Nullable String canary, JsonNode wanted) {
        List<Recorder.Status> statuses = recorder.statuses(at);
        for (int i = 0; i < statuses.size(); i++) {
            JsonNode status = statuses.get(i).status();
            boolean meant = canary == null || canary.equals(statuses.get(i).canary());
            if (meant
                    && wanted.properties().stream()
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
