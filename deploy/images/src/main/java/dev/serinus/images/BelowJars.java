package dev.serinus.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies below the jars of images: a system and a Java runtime, and programs where an image has
 * some. Of a base that is an image already it is only the programs in Go. Each is made once for a
 * platform.
 */
final class BelowJars {

    private final Checkout checkout;
    private final Base base;
    private final Path work;
    private final Map<String, Apt> apts = new HashMap<>();
    private final Map<String, Part> systems = new HashMap<>();
    private final Map<String, Part> programs = new HashMap<>();

    /**
     * Layers, the lowest first.
     *
     * @param packages of Debian's in them
     */
    record Part(List<Layer> layers, List<DebianPackage> packages) {

        private static final Part NONE = new Part(List.of(), List.of());

        Part {
            layers = List.copyOf(layers);
            packages = List.copyOf(packages);
        }

        private Part with(Part above) {
            return new Part(
                    Stream.concat(layers.stream(), above.layers.stream()).toList(),
                    Stream.concat(packages.stream(), above.packages.stream()).toList());
        }
    }

    /**
     * @param work a folder of this build alone
     */
    BelowJars(Checkout checkout, Base base, Path work) {
        this.checkout = checkout;
        this.base = base;
        this.work = work;
    }

    /** In an image, for a platform. */
    Part of(Product product, String platform) throws IOException {
        Part system = base instanceof Base.Debian debian ? system(debian, platform) : Part.NONE;
        return product.programs() == null
                ? system
                : system.with(programs(product.programs(), platform));
    }

    private Part system(Base.Debian debian, String platform) throws IOException {
        Part there = systems.get(platform);
        if (there == null) {
            Path folder = folder("system", platform);
            Jdk jdk = debian.jdk(platform);
            var files = DebianFiles.system(apt(platform), jdk.packages(), folder.resolve("debian"));
            there =
                    new Part(
                            List.of(files.layer(), JavaRuntime.link(jdk, folder.resolve("jdk"))),
                            files.packages());
            systems.put(platform, there);
        }
        return there;
    }

    /** A base of others brings its own programs, and has Go's besides. */
    private Part programs(Path list, String platform) throws IOException {
        Part there = programs.get(platform);
        if (there == null) {
            Path folder = folder("programs", platform);
            Programs wanted = Programs.read(checkout.root().resolve(list));
            List<Layer> layers = new ArrayList<>();
            List<DebianPackage> packages = new ArrayList<>();
            if (base instanceof Base.Debian && !wanted.debian().isEmpty()) {
                var debian =
                        DebianFiles.programs(
                                apt(platform), wanted.debian(), folder.resolve("debian"));
                packages.addAll(debian.packages());
                layers.add(debian.layer());
            }
            if (!wanted.go().isEmpty()) {
                layers.add(
                        GoPrograms.build(
                                wanted.go(),
                                Platforms.architecture(platform),
                                Files.createDirectories(folder.resolve("go"))));
            }
            there = new Part(layers, packages);
            programs.put(platform, there);
        }
        return there;
    }

    private Apt apt(String platform) throws IOException {
        Apt there = apts.get(platform);
        if (there == null) {
            Optional<Path> sources =
                    base instanceof Base.Debian debian ? debian.sources() : Optional.empty();
            there = Apt.of(platform, sources, folder("apt", platform));
            apts.put(platform, there);
        }
        return there;
    }

    private Path folder(String name, String platform) throws IOException {
        return Files.createDirectories(work.resolve(name + "-" + Platforms.architecture(platform)));
    }
}
