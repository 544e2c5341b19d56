package dev.serinus.testbed.binaries;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The programs of a control plane, and the resource definitions that other projects publish, in a
 * folder outside the tree.
 *
 * @param folder holds the five programs, and {@code crds}
 */
public record Binaries(Path folder) {

    static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok");

    static final CachedFolder CACHED =
            CachedFolder.of("testbed", content(), folder -> new Binaries(folder).isWhole());

    /** Where they are once they are built. */
    public static Path place() {
        return CACHED.place();
    }

    /** The ones that were built before. */
    public static Optional<Binaries> find() {
        return CACHED.find().map(Binaries::new);
    }

    private static String content() {
        var content = new CachedFolder.Content();
        for (GoModule module : GoModule.values()) {
            for (String file : GoModule.FILES) {
                content.with(module.read(file));
            }
        }
        return content.with(
                        (Build.RECIPE
                                        + System.getProperty("os.name")
                                        + System.getProperty("os.arch"))
                                .getBytes(StandardCharsets.UTF_8))
                .name();
    }

    private boolean isWhole() {
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
