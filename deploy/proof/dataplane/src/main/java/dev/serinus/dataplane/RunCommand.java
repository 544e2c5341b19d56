package dev.serinus.dataplane;

import dev.serinus.dataplane.binaries.Programs;
import dev.serinus.dataplane.proxy.Api;
import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.dataplane.story.Story;
import dev.serinus.testbed.ProcessReaper;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.binaries.Binaries;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Plays the stories through one proxy, in a JVM of its own in a network namespace of its own. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Release good and bad versions through a real proxy under load, and count. Ends"
                        + " with 0 when all went as it should, with 1 otherwise.")
final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--proxy",
            required = true,
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Plane proxy;

    @Option(
            names = "--api",
            paramLabel = "NAME",
            description =
                    "By what the proxy is told: gatewayapi (where it can be, that is the default),"
                            + " traefikservice, httpproxy, istio.")
    private @org.jspecify.annotations.Nullable Api asked;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where data and logs go (default: a new folder among the temporary ones).")
    private @org.jspecify.annotations.Nullable Path data;

    @Option(
            names = "--flips",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "How often a route is turned for the time until it is seen (default:"
                            + " ${DEFAULT-VALUE}).")
    private int flips;

    @Option(
            names = "--stories",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these, with commas between: release, match, affinity, leaving, flip"
                            + " (default: all that the API can do).")
    private List<String> stories = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var api = api();
        var _ = chosen(api);
        Path directory = Files.createTempDirectory(base(), proxy.id() + "-");
        return OwnNetwork.isInside() ? play(api, directory) : enter(api, directory);
    }

    private Api api() {
        return asked == null ? proxy.apis().getFirst() : asked;
    }

    private List<Story> chosen(Api api) {
        if (!proxy.apis().contains(api)) {
            throw refused(
                    "--api: %s is not told by %s, but by %s"
                            .formatted(proxy.id(), api.id(), names(proxy.apis())));
        }
        for (String name : stories) {
            if (!api.stories().contains(name)) {
                throw refused(
                        "--stories: %s has no %s, but %s"
                                .formatted(api.id(), name, String.join(", ", api.stories())));
            }
        }
        var wanted = stories.isEmpty() ? api.stories() : stories;
        return Story.all(flips).stream().filter(it -> wanted.contains(it.name())).toList();
    }

    private static String names(List<Api> apis) {
        return apis.stream().map(Api::id).collect(Collectors.joining(" or "));
    }

    private CommandLine.ParameterException refused(String because) {
        return new CommandLine.ParameterException(spec.commandLine(), because);
    }

    private Path base() throws IOException {
        return Files.createDirectories(
                data == null
                        ? Path.of(System.getProperty("java.io.tmpdir"), "serinus-dataplane")
                        : data.toAbsolutePath());
    }

    private int enter(Api api, Path directory) throws IOException, InterruptedException {
        OwnNetwork.whyNot()
                .ifPresent(
                        because -> {
                            throw new Unavailable(because);
                        });
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--proxy",
                                proxy.id(),
                                "--api",
                                api.id(),
                                "--data",
                                directory.toString(),
                                "--flips",
                                "" + flips));
        if (!stories.isEmpty()) {
            arguments.addAll(List.of("--stories", String.join(",", stories)));
        }
        var out = spec.commandLine().getOut();
        var process =
                new ProcessBuilder(
                                OwnNetwork.command(
                                        OwnNetwork.java(
                                                List.of(
                                                        "-Dlogback.configurationFile=dev/serinus/dataplane/logback.xml",
                                                        "-Dserinus.dataplane.log="
                                                                + directory.resolve("serinus.log")),
                                                arguments)))
                        .redirectErrorStream(true)
                        .start();
        var reaper = ProcessReaper.of(List.of(process.pid()));
        // Not inherited: in a test the streams of this JVM belong to its runner.
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines()
                    .forEach(
                            line -> {
                                out.println(line);
                                out.flush();
                            });
        }
        int code = process.waitFor();
        reaper.dismiss();
        return code;
    }

    private int play(Api api, Path directory) throws Exception {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        long began = System.nanoTime();
        var findings =
                new Trial(
                                proxy,
                                api,
                                Binaries.find()
                                        .orElseThrow(
                                                () ->
                                                        new Unavailable(
                                                                "programs are missing:"
                                                                        + " deploy/serinus testbed"
                                                                        + " build makes them")),
                                Programs.find()
                                        .orElseThrow(
                                                () ->
                                                        new Unavailable(
                                                                proxy.missing().orElseThrow())),
                                directory,
                                chosen(api),
                                line ->
                                        err.printf(
                                                "%s, %3d s: %s%n",
                                                proxy.id(),
                                                (System.nanoTime() - began) / 1_000_000_000,
                                                line))
                        .run();
        String table = findings.table(named(api));
        Files.writeString(directory.resolve("figures.md"), table);
        out.println(table);
        findings.wrong().forEach(it -> out.println("WRONG: " + it));
        out.flush();
        return findings.wrong().isEmpty() ? 0 : 1;
    }

    private String named(Api api) {
        return api == proxy.apis().getFirst() ? proxy.id() : proxy.id() + ", " + api.id();
    }
}
