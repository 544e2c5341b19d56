package dev.serinus.testbed.binaries;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds the programs with Go and takes the definitions out of their modules. A build that was
 * broken off leaves nothing that looks like a whole one: it happens in a folder of its own, which
 * gets its name at the end.
 */
public final class Build {

    /** How, as far as it decides the result. */
    static final String RECIPE = "-trimpath -s -w 1";

    private static final String UNFINISHED = "building-";

    /** Files with definitions by module. */
    private static final Map<String, List<String>> DEFINITIONS =
            Map.of(
                    "sigs.k8s.io/gateway-api",
                    List.of(
                            "config/crd/standard/gateway.networking.k8s.io_gateways.yaml",
                            "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml",
                            "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"),
                    "istio.io/api",
                    List.of("kubernetes/customresourcedefinitions.gen.yaml"),
                    "github.com/kedacore/keda/v2",
                    List.of("config/crd/bases/keda.sh_scaledobjects.yaml"),
                    "github.com/projectcontour/contour",
                    List.of("examples/contour/01-crds.yaml"));

    private final Consumer<String> tell;

    private Build(Consumer<String> tell) {
        this.tell = tell;
    }

    /**
     * Returns what was built before, else builds it, which takes minutes; whoever comes meanwhile
     * waits.
     *
     * @param tell hears what is going on
     * @throws Unbuildable with a reason for people
     */
    public static Binaries run(Consumer<String> tell) {
        return Binaries.find().orElseGet(() -> new Build(tell).locked());
    }

    private Binaries locked() {
        Go go = Go.need(GoModule.KUBERNETES.go());
        Path cache = Binaries.cache();
        try {
            Files.createDirectories(cache);
            try (var lock =
                            FileChannel.open(
                                    cache.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                if (!held.isValid()) {
                    throw new IllegalStateException("the cache is not locked");
                }
                var built = Binaries.find();
                return built.isPresent() ? built.get() : fresh(go, cache);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("the test bed cannot be built in " + cache, trouble);
        }
    }

    private Binaries fresh(Go go, Path cache) throws IOException {
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
            kubernetes(go, work, result);
            others(go, work, result);
            definitions(go, work, Files.createDirectory(result.resolve("crds")));
            if (!new Binaries(result).isWhole()) {
                throw new IllegalStateException("Go built something else into " + result);
            }
            Path place = Binaries.place();
            if (Files.exists(place)) {
                delete(place);
            }
            Files.move(result, place, StandardCopyOption.ATOMIC_MOVE);
            return new Binaries(place);
        } finally {
            delete(work);
            over(brokenOff);
        }
    }

    /** Where this JVM is told to end, Go has to end first, or it would go on writing. */
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

    private void kubernetes(Go go, Path work, Path result) throws IOException {
        String version = GoModule.KUBERNETES.version("k8s.io/kubernetes");
        tell.accept("building Kubernetes " + version + " ...");
        go.run(
                GoModule.KUBERNETES.unpack(work),
                ProcessBuilder.Redirect.DISCARD,
                "build",
                "-trimpath",
                "-o",
                result + "/",
                "-ldflags",
                "-s -w -X k8s.io/component-base/version.gitVersion=" + version,
                "k8s.io/kubernetes/cmd/kube-apiserver",
                "k8s.io/kubernetes/cmd/kube-controller-manager",
                "k8s.io/kubernetes/cmd/kube-scheduler");
    }

    private void others(Go go, Path work, Path result) throws IOException {
        Path module = GoModule.ETCD_KWOK.unpack(work);
        for (var program :
                Map.of(
                                "etcd", "go.etcd.io/etcd/server/v3",
                                "kwok", "sigs.k8s.io/kwok/cmd/kwok")
                        .entrySet()) {
            tell.accept("building " + program.getKey() + " ...");
            go.run(
                    module,
                    ProcessBuilder.Redirect.DISCARD,
                    "build",
                    "-trimpath",
                    "-o",
                    result.resolve(program.getKey()).toString(),
                    "-ldflags",
                    "-s -w",
                    program.getValue());
        }
    }

    private void definitions(Go go, Path work, Path result) throws IOException {
        Path module = GoModule.CRDS.unpack(work);
        for (var source : DEFINITIONS.entrySet()) {
            tell.accept("fetching the definitions of " + source.getKey() + " ...");
            String about = go.output(module, "mod", "download", "-json", source.getKey());
            JsonNode download = new ObjectMapper().readTree(about);
            Path root = Path.of(download.path("Dir").asText());
            for (String file : source.getValue()) {
                // Go keeps its modules read-only; these are ours to delete.
                Files.write(
                        result.resolve(Path.of(file).getFileName()),
                        Files.readAllBytes(root.resolve(file)));
            }
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
