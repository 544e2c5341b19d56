package dev.serinus.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process whose CPU can be told. */
public interface MeteredProcess {

    String name();

    /** The CPU it has used so far. */
    Duration cpu();

    /** A process that somebody else started. */
    static MeteredProcess process(String name, long pid) {
        return new MeteredProcess() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration cpu() {
                try {
                    return ProcFiles.cpu(
                            Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
                } catch (IOException gone) {
                    throw new UncheckedIOException(name + " cannot be measured", gone);
                }
            }
        };
    }
}
