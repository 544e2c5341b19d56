package dev.serinus.testbed.binaries;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The programs of a control plane, and the resource definitions that other projects publish, in a
 * folder outside the tree. The folder is named after all that decides its content, so that a change
 * of versions builds anew and several checkouts share what is the same.
 *
 * @param folder holds the five programs, and {@code crds}
 */
public record Binaries(Path folder) {

    static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok");

    /** Where they are once they are built. */
    public static Path place() {
        return cache().resolve(fingerprint());
    }

    /** The ones that were built before. */
    public static Optional<Binaries> find() {
        return Optional.of(new Binaries(place())).filter(Binaries::isWhole);
    }

    static Path cache() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base =
                home == null || home.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(home);
        return base.resolve("serinus").resolve("testbed").toAbsolutePath();
    }

    private static String fingerprint() {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (GoModule module : GoModule.values()) {
                for (String file : GoModule.FILES) {
                    hash.update(module.read(file));
                }
            }
            hash.update(
                    (Build.RECIPE + System.getProperty("os.name") + System.getProperty("os.arch"))
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    // The folder gets its name only when everything is in it; this guards against hands.
    boolean isWhole() {
        return PROGRAMS.stream().allMatch(name -> Files.isExecutable(program(name)))
                && Files.isDirectory(definitions());
    }

    /** One of the five. */
    public Path program(String name) {
        return folder.resolve(name);
    }

    /** The folder of the resource definitions, as YAML files. */
    public Path definitions() {
        return folder.resolve("crds");
    }
}
