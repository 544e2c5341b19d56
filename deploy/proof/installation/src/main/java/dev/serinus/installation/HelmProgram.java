package dev.serinus.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.testbed.binaries.CachedFolder;
import dev.serinus.testbed.binaries.Go;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The helm command, in a folder outside the tree.
 *
 * @param path of the program
 */
public record HelmProgram(Path path) {

    private static final String NAME = "helm";
    private static final String MODULE = "binaries/helm/";
    private static final List<String> PINS = List.of("go.mod", "go.sum");

    /** How, as far as it decides the result. */
    private static final String RECIPE = "-trimpath -s -w 1";

    private static final CachedFolder CACHED =
            CachedFolder.of("helm", content(), folder -> Files.isExecutable(folder.resolve(NAME)));

    private static String content() {
        var content = new CachedFolder.Content();
        PINS.forEach(file -> content.with(read(file)));
        return content.with(
                        (RECIPE + System.getProperty("os.name") + System.getProperty("os.arch"))
                                .getBytes(UTF_8))
                .name();
    }

    private static byte[] read(String file) {
        try (var in = HelmProgram.class.getResourceAsStream(MODULE + file)) {
            if (in == null) {
                throw new IllegalStateException(
                        MODULE + file + " is not among the resources of this jar");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Where it is once it is built. */
    public static Path place() {
        return CACHED.place().resolve(NAME);
    }

    /** The one that was built before. */
    public static Optional<HelmProgram> find() {
        return CACHED.find().map(folder -> new HelmProgram(folder.resolve(NAME)));
    }

    /**
     * Returns the one that was built before, else builds it, which takes some minutes.
     *
     * @param tell hears what is going on
     * @throws dev.serinus.testbed.binaries.Unbuildable with a reason for people
     */
    public static HelmProgram build(Consumer<String> tell) {
        return find().orElseGet(() -> missing(tell));
    }

    private static HelmProgram missing(Consumer<String> tell) {
        Go go = Go.need(first("go "));
        tell.accept("building Helm " + first("helm.sh/helm/v4 ") + " ...");
        return new HelmProgram(
                CACHED.build((work, result) -> make(go, work, result)).resolve(NAME));
    }

    private static String first(String beginning) {
        return new String(read("go.mod"), UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).split(" ", 2)[0])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("go.mod has no " + beginning));
    }

    private static void make(Go go, Path work, Path result) throws IOException {
        for (String file : PINS) {
            Files.write(work.resolve(file), read(file));
        }
        go.run(
                work,
                ProcessBuilder.Redirect.DISCARD,
                "build",
                "-trimpath",
                "-o",
                result.resolve(NAME).toString(),
                "-ldflags",
                "-s -w",
                "helm.sh/helm/v4/cmd/helm");
    }
}
