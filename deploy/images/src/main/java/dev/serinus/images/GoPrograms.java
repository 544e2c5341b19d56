package dev.serinus.images;

import dev.serinus.cli.Refused;
import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that are built of Go modules, each of one file that needs nothing of a system. */
final class GoPrograms {

    private GoPrograms() {}

    /** Where the image has them. */
    static final String PLACE = "/usr/local/bin/";

    /** Programs of Kubernetes have their version of whoever builds them. */
    private static final String VERSION = "-X k8s.io/component-base/version.gitVersion=";

    /**
     * Builds them.
     *
     * @param work an empty folder
     * @throws Refused if there is no Go, or one of them cannot be had
     */
    static Layer build(List<GoProgram> programs, String architecture, Path work)
            throws IOException {
        String cache = Program.in(work, "go", "env", "GOMODCACHE").output().strip();
        List<Entry> entries = new ArrayList<>();
        for (GoProgram program : programs) {
            Path folder = program.folder();
            Path built = Files.createDirectories(work.resolve(program.name()));
            List<String> command = new ArrayList<>();
            command.addAll(
                    List.of(
                            "env",
                            "GOPATH=" + built,
                            "GOMODCACHE=" + cache,
                            "GOBIN=",
                            "GOOS=linux",
                            "GOARCH=" + architecture,
                            "CGO_ENABLED=0",
                            "GOFLAGS=",
                            "go"));
            Path file = built.resolve(program.name());
            if (folder == null) {
                command.addAll(
                        List.of(
                                "install",
                                "-trimpath",
                                "-ldflags=-s -w -buildid=",
                                program.module()));
            } else {
                command.addAll(
                        List.of(
                                "build",
                                "-trimpath",
                                "-ldflags=-s -w -buildid= " + VERSION + program.version(),
                                "-o",
                                file.toString(),
                                program.packagePath()));
            }
            var _ = Program.run(folder == null ? work : folder, command).output();
            entries.add(Entry.file(folder == null ? only(built) : file, PLACE + program.name()));
        }
        return new Layer("programs in Go", entries);
    }

    /** What {@code go install} made; for another platform that is one folder deeper. */
    private static Path only(Path built) throws IOException {
        try (var files = Files.walk(built.resolve("bin"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}
