package dev.serinus.testbed.binaries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A folder of programs outside the tree that is built once. It is named after all that decides its
 * content, so that a change of versions builds anew and several checkouts share what is the same.
 * What it holds is made in a folder beside it, which gets its name at the end: a build that was
 * broken off leaves nothing that looks like a whole one, and the next build sweeps it up.
 *
 * @param cache holds such folders of one kind
 * @param name of this one
 * @param whole true for a folder in which everything is; guards against hands
 */
public record CachedFolder(Path cache, String name, Predicate<Path> whole) {

    private static final String UNFINISHED = "building-";

    /** Makes what is to be in the folder. */
    @FunctionalInterface
    public interface Recipe {

        /**
         * @param work an empty folder for whatever is needed on the way
         * @param result becomes the folder
         */
        void make(Path work, Path result) throws IOException;
    }

    /** A hash over all that decides the content of a folder, for its name. */
    public static final class Content {

        private final MessageDigest hash;

        public Content() {
            try {
                hash = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK has SHA-256", impossible);
            }
        }

        public Content with(byte[] part) {
            hash.update(part);
            return this;
        }

        public String name() {
            return HexFormat.of().formatHex(hash.digest()).substring(0, 16);
        }
    }

    /** In the user's cache, below a name for folders of this kind. */
    public static CachedFolder of(String kind, String name, Predicate<Path> whole) {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base =
                home == null || home.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(home);
        return new CachedFolder(
                base.resolve("serinus").resolve(kind).toAbsolutePath(), name, whole);
    }

    /** Where it is once it is built. */
    public Path place() {
        return cache.resolve(name);
    }

    /** The one that was built before. */
    public Optional<Path> find() {
        return Optional.of(place()).filter(whole);
    }

    /** Builds it, unless somebody else did meanwhile: whoever comes while it is built waits. */
    public Path build(Recipe recipe) {
        try {
            Files.createDirectories(cache);
            try (var lock =
                            FileChannel.open(
                                    cache.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                if (!held.isValid()) {
                    throw new IllegalStateException(cache + " is not locked");
                }
                var built = find();
                return built.isPresent() ? built.get() : fresh(recipe);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("nothing can be built in " + cache, trouble);
        }
    }

    private Path fresh(Recipe recipe) throws IOException {
        try (var left = Files.newDirectoryStream(cache, UNFINISHED + "*")) {
            for (Path old : left) {
                delete(old);
            }
        }
        Path work = Files.createTempDirectory(cache, UNFINISHED);
        var brokenOff = new Thread(() -> breakOff(work), "build-broken-off");
        Runtime.getRuntime().addShutdownHook(brokenOff);
        try {
            Path result = Files.createDirectories(work.resolve("result"));
            recipe.make(work, result);
            if (!whole.test(result)) {
                throw new IllegalStateException("something else was built into " + result);
            }
            if (Files.exists(place())) {
                delete(place());
            }
            return Files.move(result, place(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(work);
            over(brokenOff);
        }
    }

    /**
     * Where this JVM is told to end, what it started has to end first, or it would go on writing.
     */
    private static void breakOff(Path work) {
        ProcessHandle.current()
                .descendants()
                .forEach(
                        each -> {
                            each.destroyForcibly();
                            each.onExit().join();
                        });
        try {
            delete(work);
        } catch (IOException left) {
            // The next build sweeps it up.
        }
    }

    // Else it would end what this JVM starts later.
    private static void over(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException running) {
            // The JVM is ending, and the hook is at work.
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
