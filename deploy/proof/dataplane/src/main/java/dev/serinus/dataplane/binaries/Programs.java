package dev.serinus.dataplane.binaries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The proxies and the resource definitions that they watch, in a folder outside the tree that is
 * named after all that decides its content.
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

    /** Where they are once they are built. */
    public static Path place() {
        return cache().resolve(fingerprint());
    }

    /** The ones that were built before. */
    public static Optional<Programs> find() {
        return Optional.of(new Programs(place())).filter(Programs::isWhole);
    }

    static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base =
                home == null || home.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(home);
        return base.resolve("serinus").resolve("dataplane").toAbsolutePath();
    }

    private static String fingerprint() {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (String file : PINS) {
                hash.update(read(file));
            }
            hash.update(ProgramsBuild.RECIPE.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
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

    boolean isWhole() {
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
