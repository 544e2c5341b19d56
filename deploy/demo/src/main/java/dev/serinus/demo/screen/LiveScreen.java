package dev.serinus.demo.screen;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * A terminal: the story scrolls, and below it a few lines are drawn again and again with phase,
 * split and measurements.
 */
public final class LiveScreen implements Screen {

    private static final String RESET = "\033[0m";
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String CYAN = "\033[36m";
    private static final int BAR = 40;

    private final PrintStream out;
    private final InstantSource clock;
    private final Instant start;
    private List<String> drawn = List.of();

    public LiveScreen(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
        out.print("\033[?25l"); // no cursor
    }

    @Override
    public synchronized void heading(String text) {
        scroll(List.of("", BOLD + CYAN + text + RESET));
    }

    @Override
    public synchronized void say(String text) {
        scroll(List.of(text));
    }

    @Override
    public synchronized void event(Line line) {
        String colour =
                switch (line.tone()) {
                    case NEUTRAL -> "";
                    case GOOD -> GREEN;
                    case BAD -> RED;
                };
        scroll(List.of(DIM + stamp() + RESET + "  " + colour + line.text() + RESET));
    }

    @Override
    public synchronized void show(ScreenState scene) {
        int canary = scene.canary().weight();
        int filled = Math.round(canary * BAR / 100f);
        String bar = GREEN + "█".repeat(BAR - filled) + RESET + CYAN + "█".repeat(filled) + RESET;
        draw(
                List.of(
                        "",
                        " %s   phase %s%s%s".formatted(stamp(), BOLD, scene.phase(), RESET),
                        " %3d %%  %s  %3d %%".formatted(scene.primary().weight(), bar, canary),
                        side(GREEN, "primary", scene.primary()),
                        side(CYAN, "canary ", scene.canary()),
                        " " + ScreenState.LEGEND));
    }

    private static String side(String colour, String name, ScreenState.Side side) {
        String version = side.version().isEmpty() ? "-" : side.version();
        boolean failing = side.successRate().orElse(100) < 99;
        return " %s%s%s  %-13s  %s%s%s"
                .formatted(
                        colour, name, RESET, version, failing ? RED : "", side.measured(), RESET);
    }

    private void scroll(List<String> lines) {
        List<String> below = drawn;
        erase();
        lines.forEach(out::println);
        draw(below);
    }

    private void draw(List<String> lines) {
        erase();
        lines.forEach(out::println);
        out.flush();
        drawn = lines;
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            out.print("\033[" + drawn.size() + "A\033[J");
            drawn = List.of();
        }
    }

    private String stamp() {
        return "%5.1f s".formatted(Duration.between(start, clock.instant()).toMillis() / 1000.0);
    }

    @Override
    public synchronized void close() {
        erase();
        out.print("\033[?25h");
        out.flush();
    }

    /** This one on a terminal, plain lines elsewhere. */
    public static Screen orPlain(PrintStream out, InstantSource clock, boolean plain) {
        @SuppressWarnings("SystemConsoleNull") // it may still be null, without a terminal at all
        Console console = System.console();
        boolean terminal =
                console != null
                        && console.isTerminal()
                        && Stream.of("dumb", "").noneMatch(t -> t.equals(System.getenv("TERM")))
                        && System.getenv("TERM") != null;
        return terminal && !plain ? new LiveScreen(out, clock) : new PlainScreen(out, clock);
    }
}
