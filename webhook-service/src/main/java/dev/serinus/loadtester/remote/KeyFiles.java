package dev.serinus.loadtester.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of the load tester may be sent as the key of a service, and what is in them. Whoever
 * writes a hook names both the file and the server that gets it.
 *
 * @param directory in which they are, links resolved; any but what is the load tester's own where
 *     it is null
 * @param own more files that are never sent
 */
public record KeyFiles(@Nullable Path directory, List<Path> own) {

    private static final int LONGEST = 4096;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*");

    /** The system's, the token of the pod's account, and what the chart mounts for itself. */
    private static final List<Path> NEVER =
            Stream.of(
                            "/proc",
                            "/sys",
                            "/dev",
                            "/etc/shadow",
                            "/run/secrets",
                            "/var/run/secrets",
                            "/opt/serinus")
                    .map(Path::of)
                    .toList();

    public KeyFiles {
        own = List.copyOf(own);
    }

    /** Any file but the load tester's own. */
    public static KeyFiles any() {
        return new KeyFiles(null, List.of());
    }

    /** What is wrong with a file that a hook names; empty where nothing is. */
    Optional<String> problem(String written) {
        if (written.indexOf('\0') >= 0) {
            return Optional.of("`apiKeyPath` has to be a path");
        }
        Path file = Path.of(written).toAbsolutePath().normalize();
        // Before it is looked for: nobody is to learn which other files there are.
        if (!isAllowed(file, directory)) {
            return Optional.of(refused(written));
        }
        try {
            Path real = file.toRealPath();
            if (!Files.isRegularFile(real)) {
                return Optional.of("`apiKeyPath` file doesn't exist " + written);
            }
            return isAllowed(real, directory == null ? null : directory.toRealPath())
                    ? Optional.empty()
                    : Optional.of(refused(written));
        } catch (IOException none) {
            return Optional.of("`apiKeyPath` file doesn't exist " + written);
        }
    }

    private boolean isAllowed(Path file, @Nullable Path within) {
        return (within == null || file.startsWith(within.toAbsolutePath().normalize()))
                && NEVER.stream().noneMatch(file::startsWith)
                && own.stream().noneMatch(it -> isSame(it, file));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return one.toAbsolutePath().normalize().equals(other)
                    || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
        } catch (IOException unknown) {
            return true;
        }
    }

    private String refused(String written) {
        return directory == null
                ? "`apiKeyPath` %s is the load tester's own, and is not sent".formatted(written)
                : "`apiKeyPath` %s is not in the directory with keys that its operator names (SERINUS_LOADTESTER_KEYS)"
                        .formatted(written);
    }

    /**
     * The key in it, judged anew: it may have been replaced.
     *
     * @return empty where it holds none, or may not be sent any more
     */
    Optional<String> read(Path file) throws IOException {
        if (problem(file.toString()).isPresent()) {
            return Optional.empty();
        }
        byte[] bytes;
        // Not by its size: some systems' files say that they have none.
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(LONGEST + 1);
        }
        String found = new String(bytes, UTF_8).strip();
        return bytes.length <= LONGEST && KEY.matcher(found).matches()
                ? Optional.of(found)
                : Optional.empty();
    }
}
