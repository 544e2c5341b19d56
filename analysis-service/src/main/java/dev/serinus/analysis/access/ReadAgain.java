package dev.serinus.analysis.access;

import dev.serinus.schemas.shell.ErrorCauses;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a file says, read again while it is used, so that what was taken out of it is over within
 * seconds. A mistake in it is told, and what it said before stays good.
 */
public final class ReadAgain<T> implements Supplier<T> {

    /** For so long what was read is taken as what is there. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ReadAgain.class);

    private final Path file;
    private final Function<Path, T> read;
    private final InstantSource time;
    private T known; // guarded by this
    private Instant readAt; // guarded by this
    private String trouble = ""; // guarded by this

    /**
     * Reads it for the first time.
     *
     * @param read throws an {@link IllegalArgumentException} that names what is wrong
     * @throws IllegalArgumentException as it does
     */
    public ReadAgain(Path file, Function<Path, T> read, InstantSource time) {
        this.file = file;
        this.read = read;
        this.time = time;
        this.known = read.apply(file);
        this.readAt = time.instant();
    }

    /** What it says. */
    @Override
    public synchronized T get() {
        Instant now = time.instant();
        // A clock that was set back would else keep what was taken out for as long as it lacks.
        if (!now.isBefore(readAt) && now.isBefore(readAt.plus(PAUSE))) {
            return known;
        }
        readAt = now;
        try {
            known = read.apply(file);
            trouble = "";
        } catch (IllegalArgumentException mistaken) {
            String because = ErrorCauses.shortest(mistaken);
            if (!because.equals(trouble)) {
                trouble = because;
                log.atError()
                        .addKeyValue("file", file)
                        .addKeyValue("because", because)
                        .log("a file is not taken, and what it said before stays good");
            }
        }
        return known;
    }
}
