package dev.serinus.demo.screen;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Lines with the seconds since the start, for logs and pipes; a look at both sides now and then.
 */
public final class PlainScreen implements Screen {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

    private final PrintStream out;
    private final InstantSource clock;
    private final Instant start;
    private Instant lastLook;

    public PlainScreen(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
        this.lastLook = start;
    }

    @Override
    public synchronized void heading(String text) {
        out.println();
        out.println("== " + text);
    }

    @Override
    public synchronized void say(String text) {
        out.println(text.isEmpty() ? "" : stamp() + text);
    }

    @Override
    public synchronized void event(Line line) {
        String mark =
                switch (line.tone()) {
                    case NEUTRAL -> "  ";
                    case GOOD -> "+ ";
                    case BAD -> "! ";
                };
        out.println(stamp() + mark + line.text());
    }

    @Override
    public synchronized void show(ScreenState scene) {
        boolean nothingToSee = scene.primary().perSecond() == 0 && scene.canary().perSecond() == 0;
        if (nothingToSee || clock.instant().isBefore(lastLook.plus(BETWEEN_LOOKS))) {
            return;
        }
        if (lastLook.equals(start)) {
            out.println(stamp() + "    | requests, success and p99 " + ScreenState.LEGEND);
        }
        lastLook = clock.instant();
        line("primary", scene.primary());
        if (!scene.canary().version().isEmpty()) {
            line("canary ", scene.canary());
        }
    }

    private void line(String name, ScreenState.Side side) {
        out.println(
                stamp()
                        + "    | %s %s  %3d %%  %s"
                                .formatted(name, side.version(), side.weight(), side.measured()));
    }

    private String stamp() {
        return "%6.1f s  ".formatted(Duration.between(start, clock.instant()).toMillis() / 1000.0);
    }

    @Override
    public synchronized void close() {
        out.flush();
    }
}
