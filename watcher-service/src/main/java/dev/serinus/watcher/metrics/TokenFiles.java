package dev.serinus.watcher.metrics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.canary.ProviderAuth;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Bearer tokens in files, such as those of service accounts that Kubernetes projects and renews. A
 * namespace has those in the directory of its name, which the operator fills, and no others. A file
 * is read at the moment it is used.
 */
final class TokenFiles {

    /** The variable that names the directory; without it no file is read. */
    static final String DIRECTORY = "SERINUS_TOKEN_DIRECTORY";

    private static final String WHERE = "spec.provider.auth.bearerTokenFile: ";
    private static final int LONGEST = 16 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private final @Nullable Path directory;

    private TokenFiles(@Nullable Path directory) {
        this.directory = directory;
    }

    /**
     * As the environment says; throws an IllegalArgumentException that names the variable which
     * cannot be used.
     */
    static TokenFiles of(Map<String, String> environment) {
        String named = environment.getOrDefault(DIRECTORY, "").strip();
        try {
            Path directory = named.isEmpty() ? null : Path.of(named);
            if (directory == null || directory.isAbsolute()) {
                return new TokenFiles(directory);
            }
        } catch (InvalidPathException _) {
            // Told as one that is not absolute: it is no path either.
        }
        throw new IllegalArgumentException(DIRECTORY + " must be an absolute path");
    }

    /** What came of reading a file. */
    sealed interface Found {

        record Token(String text) implements Found {
            /** Leaves out the token. */
            @Override
            public String toString() {
                return "Token[]";
            }
        }

        record Wrong(String because) implements Found {}

        record Unknown(String because) implements Found {}
    }

    /** Reads a file of a namespace. */
    Found of(String namespace, String name) {
        if (directory == null) {
            return new Found.Wrong(
                    WHERE
                            + "this installation has no files of tokens: "
                            + DIRECTORY
                            + " of the watcher has to name a directory with one directory for each"
                            + " namespace");
        }
        if (!ObjectNames.isNamespace(namespace) || !ProviderAuth.isFile(name)) {
            return new Found.Wrong(WHERE + "there can be no such file");
        }
        try {
            try {
                return read(directory.toRealPath(), namespace, name);
            } catch (NoSuchFileException _) {
                // Kubernetes may just have put another version in its place.
                return read(directory.toRealPath(), namespace, name);
            }
        } catch (NoSuchFileException _) {
            return new Found.Wrong(
                    WHERE
                            + "there is no file %s of namespace %s in the directory that %s names"
                                    .formatted(name, namespace, DIRECTORY));
        } catch (IOException unreadable) {
            return new Found.Unknown(
                    WHERE
                            + "%s of namespace %s cannot be read (%s)"
                                    .formatted(
                                            name,
                                            namespace,
                                            unreadable.getClass().getSimpleName()));
        }
    }

    private static Found read(Path root, String namespace, String name) throws IOException {
        // Where links lead, as the files that Kubernetes mounts are links, counts.
        Path own = root.resolve(namespace).toRealPath();
        Path file = own.resolve(name).toRealPath();
        if (!own.startsWith(root) || !file.startsWith(own)) {
            return new Found.Wrong(
                    WHERE + "%s leads out of the directory of its namespace".formatted(name));
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Found.Wrong(WHERE + name + " is no file");
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(LONGEST + 1);
        }
        String text = new String(bytes, ISO_8859_1).strip();
        if (text.isEmpty()) {
            return new Found.Unknown(WHERE + name + " is empty");
        }
        return bytes.length <= LONGEST && TOKEN.matcher(text).matches()
                ? new Found.Token(text)
                : new Found.Wrong(
                        WHERE
                                + "%s must hold one token and nothing else, %d bytes at most"
                                        .formatted(name, LONGEST));
    }
}
