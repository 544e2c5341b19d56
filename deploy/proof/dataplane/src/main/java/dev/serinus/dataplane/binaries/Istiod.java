package dev.serinus.dataplane.binaries;

import dev.serinus.testbed.binaries.CachedFolder;
import dev.serinus.testbed.binaries.Go;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Istio's control plane and the resource definitions that it watches. It has a folder of its own,
 * since it takes longer to build than all the others, and who changes their versions need not wait
 * for it.
 *
 * @param folder holds the program, and {@code crds}
 */
public record Istiod(Path folder) {

    private static final String NAME = "istiod";
    private static final List<String> PINS = List.of("istio/go.mod", "istio/go.sum");

    /** Gateway API is a part of what it is built with. */
    private static final Map<String, List<String>> DEFINITIONS =
            Map.of(
                    "istio.io/istio",
                    List.of("manifests/charts/base/files/crd-all.gen.yaml"),
                    ProgramsBuild.GATEWAY_API_MODULE,
                    ProgramsBuild.GATEWAY_API);

    /** As its project builds it; without the second one Envoy's API has validators besides. */
    private static final String TAGS = "vtprotobuf,disable_pgv";

    private static final CachedFolder CACHED =
            CachedFolder.of("istio", content(), folder -> new Istiod(folder).isWhole());

    private static String content() {
        var content = new CachedFolder.Content();
        for (String file : PINS) {
            content.with(Programs.read(file));
        }
        return content.with((TAGS + ProgramsBuild.RECIPE).getBytes(StandardCharsets.UTF_8)).name();
    }

    private boolean isWhole() {
        return Files.isExecutable(program()) && Files.isDirectory(definitions());
    }

    public Path program() {
        return folder.resolve(NAME);
    }

    /** The folder of its resource definitions, as YAML files. */
    public Path definitions() {
        return folder.resolve("crds");
    }

    /** Where it is once it is built. */
    public static Path place() {
        return CACHED.place();
    }

    /** The one that was built before. */
    public static Optional<Istiod> find() {
        return CACHED.find().map(Istiod::new);
    }

    /**
     * Returns the one that was built before, else builds it, which takes minutes.
     *
     * @param tell hears what is going on
     * @throws dev.serinus.testbed.binaries.Unbuildable with a reason for people
     */
    public static Istiod build(Consumer<String> tell) {
        return find().orElseGet(() -> missing(tell));
    }

    private static Istiod missing(Consumer<String> tell) {
        Go go = ProgramsBuild.go("istio/go.mod");
        tell.accept("building istiod, which takes some minutes ...");
        return new Istiod(CACHED.build((work, result) -> make(go, work, result)));
    }

    private static void make(Go go, Path work, Path result) throws IOException {
        ProgramsBuild.lay(PINS, work);
        Path module = work.resolve("istio");
        Path definitions = Files.createDirectory(result.resolve("crds"));
        for (var source : DEFINITIONS.entrySet()) {
            go.take(module, source.getKey(), source.getValue(), definitions);
        }
        go.run(
                module,
                ProcessBuilder.Redirect.DISCARD,
                "build",
                "-trimpath",
                "-tags",
                TAGS,
                "-o",
                result.resolve(NAME).toString(),
                "-ldflags",
                "-s -w",
                "istio.io/istio/pilot/cmd/pilot-discovery");
    }
}
