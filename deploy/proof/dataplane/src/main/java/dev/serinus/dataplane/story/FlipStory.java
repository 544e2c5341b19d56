package dev.serinus.dataplane.story;

import dev.serinus.dataplane.traffic.Load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A route that is turned from one service to another and back, for the time until requests see it.
 *
 * @param flips how often
 */
record FlipStory(int flips) implements Story {

    private static final int PER_SECOND = 50;

    @Override
    public String name() {
        return "flip";
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.cluster().apply("application.yaml", Map.of("NAME", "flip-a"));
        stage.cluster().apply("application.yaml", Map.of("NAME", "flip-b"));
        turn(stage, true);
        var chance = new SplittableRandom(7);
        try (var load = stage.load("flip", List.of(Load.Client.PLAIN), PER_SECOND)) {
            for (int i = 0; i < flips; i++) {
                // Not in step with a proxy that looks at changes every so often.
                Thread.sleep(chance.nextInt(100, 1500));
                String service = i % 2 == 0 ? "flip-b-" : "flip-a-";
                long written = System.nanoTime();
                turn(stage, i % 2 == 1);
                if (!load.await(it -> it.pod().startsWith(service), Duration.ofSeconds(30))) {
                    stage.findings().wrong(name(), "a write was not seen within 30 s");
                    return;
                }
                load.answers().stream()
                        .filter(it -> it.pod().startsWith(service) && it.received() > written)
                        .mapToLong(it -> it.received() - written)
                        .min()
                        .ifPresent(after -> stage.findings().seen(Duration.ofNanos(after)));
            }
            stage.count("route turned %d times".formatted(flips), load.answers(), _ -> false, "");
        }
    }

    private static void turn(Stage stage, boolean toA) {
        stage.cluster()
                .apply(
                        stage.api().manifest("flips.yaml"),
                        Map.of("A", toA ? "100" : "0", "B", toA ? "0" : "100"));
    }
}
