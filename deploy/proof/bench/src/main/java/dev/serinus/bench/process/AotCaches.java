package dev.serinus.bench.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's ahead-of-time caches (JEP 483, 514, 515): for each process one file with the classes it
 * needs, loaded and linked, and with what its methods were seen to do.
 */
public sealed interface AotCaches {

    /** Processes start without. */
    static AotCaches unused() {
        return new Unused();
    }

    /**
     * Each process writes its cache to {@code directory} as it ends, which takes it some seconds.
     */
    static AotCaches recorded(Path directory) {
        return new Recorded(directory.toAbsolutePath());
    }

    /**
     * Each process starts with its cache in {@code directory}; where that is missing or does not
     * fit, as for another JDK or a jar built since, it does not start at all.
     */
    static AotCaches required(Path directory) {
        return new Required(directory.toAbsolutePath());
    }

    /** The flags of the JVM for a process of this name. */
    List<String> flags(String process);

    /**
     * Where {@code deploy/serinus aot} writes them in a checkout, and {@code run} looks for its
     * own.
     */
    static Path place(Path root) {
        return root.resolve("deploy/target/aot");
    }

    /** The file of a process' cache. */
    static Path file(Path directory, String process) {
        return directory.resolve(process + ".aot");
    }

    /** True when all of these processes have a cache in {@code directory}. */
    static boolean exist(Path directory, List<String> processes) {
        return processes.stream().allMatch(each -> Files.isReadable(file(directory, each)));
    }

    /** See {@link #unused()}. */
    record Unused() implements AotCaches {
        @Override
        public List<String> flags(String process) {
            return List.of();
        }
    }

    /** See {@link #recorded}. */
    record Recorded(Path directory) implements AotCaches {
        @Override
        public List<String> flags(String process) {
            return List.of("-XX:AOTCacheOutput=" + file(directory, process));
        }
    }

    /** See {@link #required}. */
    record Required(Path directory) implements AotCaches {
        @Override
        public List<String> flags(String process) {
            return List.of("-XX:AOTMode=on", "-XX:AOTCache=" + file(directory, process));
        }
    }
}
