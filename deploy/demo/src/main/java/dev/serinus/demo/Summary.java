package dev.serinus.demo;

import dev.serinus.demo.screen.Screen;
import dev.serinus.demo.screen.Screen.Line;
import dev.serinus.demo.screen.Screen.Tone;
import dev.serinus.demo.traffic.AnswerCounts;

import java.util.List;

/** What the demo showed, in a few lines. */
record Summary(List<ReleaseDemo> acts, AnswerCounts tally) {

    private static final int ACTS = 3;

    Summary {
        acts = List.copyOf(acts);
    }

    boolean wentWell() {
        return acts.size() == ACTS && acts.stream().allMatch(ReleaseDemo::wentWell);
    }

    void print(Screen screen) {
        screen.heading("Summary");
        for (ReleaseDemo act : acts) {
            screen.event(
                    new Line(
                            act.wentWell() ? Tone.GOOD : Tone.BAD,
                            "%s  %s (%.1f s)"
                                    .formatted(
                                            act.wentWell() ? "ok " : "NOT",
                                            act.title(),
                                            act.took().toMillis() / 1000.0)));
            act.found().forEach(fact -> screen.say("      - " + fact));
            act.wrong()
                    .forEach(
                            fact ->
                                    screen.event(
                                            new Line(Tone.BAD, "     not as it should: " + fact)));
        }
        tally.byVersion()
                .forEach(
                        (version, count) ->
                                screen.say(
                                        "  the users got %,6d answers from %-7s %,5d of them bad"
                                                .formatted(count.all(), version, count.bad())));
    }
}
