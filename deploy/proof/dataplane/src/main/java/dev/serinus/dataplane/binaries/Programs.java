package dev.serinus.dataplane.binaries;

import dev.serinus.testbed.binaries.CachedFolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The proxies and the resource definitions that they watch, in a folder outside the tree. Istio's
 * control plane has one of its own, {@link Istiod}.
 *
 * @param folder holds the programs, and {@code crds}
 */
public record Programs(Path folder) {

    static final List<String> NAMES = List.of("traefik", "envoy", "contour");
    static final List<String> PINS =
            List.of(
                    "requirements.txt",
                    "contour/go.mod",
                    "contour/go.sum",
                    "definitions/go.mod",
                    "definitions/go.sum");

    static final CachedFolder CACHED =
            CachedFolder.of("dataplane", content(), folder -> new Programs(folder).isWhole());

    /** Where they are once they are built. */
    public static Path place() {
        return CACHED.place();
    }

    /** The ones that were built before. */
    public static Optional<Programs> find() {
        return CACHED.find().map(Programs::new);
    }

    private static String content() {
        var content = new CachedFolder.Content();
        for (String file : PINS) {
            content.with(read(file));
        }
        return content.with(ProgramsBuild.RECIPE.getBytes(StandardCharsets.UTF_8)).name();
    }

    static byte[] read(String file) {
        try (var in = Programs.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not among the resources of this jar");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private boolean isWhole() {
        return NAMES.stream().allMatch(name -> Files.isExecutable(program(name)))
                && Files.isDirectory(definitions("contour"));
    }

    /** One of {@code traefik}, {@code envoy}, {@code contour}. */
    public Path program(String name) {
        return folder.resolve(name);
    }

    /** The folder of the resource definitions that a proxy watches, as YAML files. */
    public Path definitions(String proxy) {
        return folder.resolve("crds").resolve(proxy);
    }
}
