package dev.serinus.images;

import dev.serinus.cli.Refused;
import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs that are built of Go modules, each of one file that needs nothing of a system. */
final class GoPrograms {

    private GoPrograms() {}

    /** Where the image has them. */
    static final String PLACE = "/usr/local/bin/";

    /**
     * Builds them.
     *
     * @param modules each a package with its version, as {@code go install} takes it
     * @param work an empty folder
     * @throws Refused if there is no Go, or one of them cannot be had
     */
    static Layer build(List<String> modules, String architecture, Path work) throws IOException {
        String cache = Program.in(work, "go", "env", "GOMODCACHE").output().strip();
        for (String module : modules) {
            Program.in(
                            work,
                            "env",
                            "GOPATH=" + work,
                            "GOMODCACHE=" + cache,
                            "GOBIN=",
                            "GOOS=linux",
                            "GOARCH=" + architecture,
                            "CGO_ENABLED=0",
                            "GOFLAGS=",
                            "go",
                            "install",
                            "-trimpath",
                            "-ldflags=-s -w -buildid=",
                            module)
                    .output();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(work.resolve("bin"))) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> entries.add(Entry.file(file, PLACE + file.getFileName())));
        }
        return new Layer("programs in Go", entries);
    }
}
