package dev.serinus.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where Debian's packages come from: what this machine's apt is set to. For another kind of machine
 * it is asked with lists of its own, so that nothing of this machine is changed.
 */
record Apt(List<String> options) {

    Apt {
        options = List.copyOf(options);
    }

    /**
     * @param platform whose packages are wanted
     * @param sources a file as {@code sources.list} for another kind of machine; without one it is
     *     this machine's
     * @param work an empty folder
     */
    static Apt of(String platform, Optional<Path> sources, Path work) throws IOException {
        return platform.equals(Platforms.own())
                ? new Apt(List.of())
                : foreign(Platforms.architecture(platform), sources, work);
    }

    private static Apt foreign(String architecture, Optional<Path> sources, Path work)
            throws IOException {
        Path state = Files.createDirectories(work.resolve("state"));
        Files.createDirectories(state.resolve("lists/partial"));
        Path status = Files.createFile(state.resolve("status"));
        Path cache = Files.createDirectories(work.resolve("cache/archives/partial"));
        List<String> options = new ArrayList<>();
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "APT::Architecture=" + architecture,
                                "APT::Architectures=" + architecture,
                                "APT::Sandbox::User=root",
                                "Dir::State=" + state,
                                "Dir::State::status=" + status,
                                "Dir::Cache=" + cache.resolve("../..").normalize()));
        sources.ifPresent(
                file ->
                        settings.addAll(
                                List.of(
                                        "Dir::Etc::sourcelist=" + file.toAbsolutePath(),
                                        "Dir::Etc::sourceparts=/dev/null")));
        settings.forEach(each -> options.addAll(List.of("-o", each)));
        var apt = new Apt(options);
        var _ = Program.run(work, apt.command("apt-get", "-q", "update")).output();
        return apt;
    }

    /**
     * Fetches a package.
     *
     * @param folder an empty one
     */
    Path download(String name, Path folder) throws IOException {
        List<String> command =
                command("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", name);
        var _ = Program.run(folder, command).output();
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst()
                    .orElseThrow(() -> new IllegalStateException("apt fetched no " + name));
        }
    }

    /** A call of one of apt's programs. */
    List<String> command(String program, String... arguments) {
        List<String> all = new ArrayList<>(List.of(program));
        all.addAll(options);
        all.addAll(List.of(arguments));
        return all;
    }
}
