package dev.serinus.testbed.binaries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A go.mod of this project with its go.sum, the only place that names versions of what is built.
 */
enum GoModule {
    KUBERNETES("kubernetes"),
    ETCD_KWOK("etcd-kwok"),
    CRDS("crds");

    static final List<String> FILES = List.of("go.mod", "go.sum");

    private final String folder;

    GoModule(String folder) {
        this.folder = folder;
    }

    /** One of its files. */
    byte[] read(String file) {
        String name = folder + "/" + file;
        try (var in = GoModule.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not among the resources of this jar");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Writes it where Go can work with it. */
    Path unpack(Path parent) throws IOException {
        Path to = Files.createDirectories(parent.resolve(folder));
        for (String file : FILES) {
            Files.write(to.resolve(file), read(file));
        }
        return to;
    }

    /** The version of a module that this one requires. */
    String version(String module) {
        return first("(?m)^\\s*(?:require )?" + Pattern.quote(module) + " (v\\S+)");
    }

    /** The oldest Go that it may be built with, such as 1.26.0. */
    String go() {
        return first("(?m)^go (\\S+)");
    }

    private String first(String pattern) {
        return Pattern.compile(pattern)
                .matcher(new String(read("go.mod"), java.nio.charset.StandardCharsets.UTF_8))
                .results()
                .findFirst()
                .map((MatchResult found) -> found.group(1))
                .orElseThrow(() -> new IllegalStateException(folder + "/go.mod has no " + pattern));
    }
}
