package dev.serinus.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;

import dev.serinus.cli.Refused;
import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Builds images of one checkout on one base. */
final class ImageBuild {

    private static final int PORT = 8080;
    private static final String STATE = "/var/lib/serinus";
    private static final Set<AbsoluteUnixPath> VOLUMES =
            Set.of(AbsoluteUnixPath.get("/tmp"), AbsoluteUnixPath.get(STATE));

    private final Checkout checkout;
    private final Base base;
    private final Path work;
    private final Instant time = Checkout.created();
    private final BelowJars below;
    private final Set<String> everywhere;

    /**
     * Prepares what all images have in common.
     *
     * @param work a folder of this build alone
     */
    ImageBuild(Checkout checkout, Base base, Path work) {
        this.checkout = checkout;
        this.base = base;
        this.work = work;
        below = new BelowJars(checkout, base, work);
        everywhere = inEveryImage();
    }

    /** What is in an image without a cache, besides its jars. */
    Contents contents(Product product, String platform) throws IOException {
        return new Contents(
                below.of(product, platform).packages(),
                product.programs() == null
                        ? List.of()
                        : Programs.read(checkout.root().resolve(product.programs())).go().stream()
                                .map(GoProgram::module)
                                .toList(),
                base instanceof Base.Debian debian
                        ? Optional.of(debian.jdk(platform))
                        : Optional.empty(),
                null);
    }

    /**
     * Builds one.
     *
     * @param file where it is written, as an OCI layout in a tar
     */
    OciArchive build(Product product, String platform, Path file) throws IOException {
        return build(product, platform, List.of(), file);
    }

    /**
     * Builds one with the ahead-of-time cache of its JVM, which is a layer of its own on top of the
     * others; those are the same as without.
     *
     * @param cache of a JVM that was trained in this very image without it
     */
    OciArchive build(Product product, String platform, Path cache, Path file) throws IOException {
        Path options =
                Files.writeString(
                        Files.createDirectories(work.resolve(product.name()).resolve("aot"))
                                .resolve("java.options"),
                        JavaOptions.withCache(
                                Files.readString(options(product)), product.aotCache()));
        var top =
                new Layer(
                        "ahead-of-time cache",
                        List.of(
                                Entry.file(cache, product.aotCache()),
                                Entry.file(options, JavaOptions.FILE)));
        return build(product, platform, List.of(top), file);
    }

    private OciArchive build(Product product, String platform, List<Layer> above, Path file)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JibContainerBuilder image =
                base.begin()
                        .setPlatforms(
                                Set.of(new Platform(Platforms.architecture(platform), "linux")))
                        .setFormat(ImageFormat.OCI)
                        .setCreationTime(time)
                        .setUser(Layer.USER)
                        .setEntrypoint("java", "@" + JavaOptions.FILE)
                        .addEnvironmentVariable("LANG", "C.UTF-8")
                        // With an arena for each thread the C library keeps what nobody uses.
                        .addEnvironmentVariable("MALLOC_ARENA_MAX", "2")
                        .setExposedPorts(Port.tcp(PORT))
                        .setVolumes(VOLUMES)
                        .setLabels(labels(product));
        if (product.programs() != null) {
            // Hooks come from other pods, and health is asked for where services have it.
            image.addEnvironmentVariable("MICRONAUT_SERVER_HOST", "0.0.0.0")
                    .addEnvironmentVariable("MICRONAUT_SERVER_PORT", Integer.toString(PORT));
            if (base instanceof Base.Debian) {
                image.addEnvironmentVariable(
                        "PATH", JavaRuntime.HOME + "/bin:/usr/local/bin:/usr/bin:/bin");
            }
        }
        for (Layer layer : layers(product, platform)) {
            image.addFileEntriesLayer(layer.forJib(time));
        }
        for (Layer layer : above) {
            image.addFileEntriesLayer(layer.forJib(time));
        }
        JibContainer built = containerize(image, product, file);
        OciArchive archive = OciArchive.read(file);
        if (!archive.digest().equals(built.getDigest().toString())) {
            throw new IllegalStateException(
                    "%s has the digest %s, and Jib said %s"
                            .formatted(file, archive.digest(), built.getDigest()));
        }
        return archive;
    }

    private JibContainer containerize(JibContainerBuilder image, Product product, Path file)
            throws IOException {
        try {
            return image.containerize(
                    Containerizer.to(
                                    TarImage.at(file)
                                            .named(product.name() + ":" + checkout.version()))
                            .setToolName("serinus")
                            .setToolVersion(checkout.version())
                            .setAllowInsecureRegistries(base.isLocal())
                            .setBaseImageLayersCache(work.resolve("cache-base"))
                            .setApplicationLayersCache(work.resolve("cache")));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refused(List.of("interrupted"));
        } catch (ExecutionException failed) {
            throw refused(failed.getCause() == null ? failed : failed.getCause());
        } catch (RegistryException failed) {
            throw refused(failed);
        } catch (CacheDirectoryCreationException | InvalidImageReferenceException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private Refused refused(Throwable failed) {
        return failed instanceof Refused refused
                ? refused
                : new Refused(List.of("--base %s: %s".formatted(base.name(), failed.getMessage())));
    }

    private List<Layer> layers(Product product, String platform) throws IOException {
        Checkout.Jars jars = checkout.jars(product);
        List<Layer> layers = new ArrayList<>(below.of(product, platform).layers());
        layers.add(
                libraries("libraries of all", jars.others().stream().filter(this::isEverywhere)));
        layers.add(
                libraries("libraries", jars.others().stream().filter(jar -> !isEverywhere(jar))));
        layers.add(own(product, jars));
        return layers;
    }

    private static Layer libraries(String name, Stream<Path> jars) {
        return new Layer(name, jars.map(ImageBuild::library).toList());
    }

    private static Entry library(Path jar) {
        return Entry.file(jar, JavaOptions.LIBRARIES + jar.getFileName());
    }

    private Layer own(Product product, Checkout.Jars jars) throws IOException {
        Files.createDirectories(work.resolve(product.name()));
        String app = JavaOptions.APP + jars.app().getFileName();
        List<String> path = new ArrayList<>(List.of(app));
        Stream.concat(jars.ours().stream(), jars.others().stream())
                .sorted()
                .forEach(jar -> path.add(JavaOptions.LIBRARIES + jar.getFileName()));
        Path options =
                Files.writeString(
                        options(product),
                        JavaOptions.of(
                                Files.readAllLines(checkout.root().resolve(product.options())),
                                path,
                                product.command() ? List.of() : List.of(mainClass(jars.app()))));
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.file(jars.app(), app));
        jars.ours().forEach(jar -> entries.add(library(jar)));
        entries.add(Entry.file(options, JavaOptions.FILE));
        entries.add(Entry.writable(Files.createDirectories(work.resolve("empty")), STATE, "750"));
        return new Layer("serinus", entries);
    }

    private Path options(Product product) {
        return work.resolve(product.name()).resolve("java.options");
    }

    private static String mainClass(Path jar) throws IOException {
        try (var file = new java.util.jar.JarFile(jar.toFile())) {
            String name = file.getManifest().getMainAttributes().getValue("Main-Class");
            if (name == null) {
                throw new IllegalStateException(jar + " names no main class");
            }
            return name;
        }
    }

    private boolean isEverywhere(Path jar) {
        return everywhere.contains(jar.getFileName().toString());
    }

    /** Nodes and registries keep a layer once for all images in which it is the same. */
    private Set<String> inEveryImage() {
        Set<String> common = new HashSet<>();
        for (Product product : Product.ALL) {
            List<String> names =
                    checkout.jars(product).others().stream()
                            .map(jar -> jar.getFileName().toString())
                            .toList();
            if (product.equals(Product.ALL.getFirst())) {
                common.addAll(names);
            } else {
                common.retainAll(names);
            }
        }
        return common;
    }

    private Map<String, String> labels(Product product) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", product.title());
        labels.put(
                "org.opencontainers.image.description",
                "Releases software on Kubernetes step by step and takes it back when it"
                        + " misbehaves.");
        labels.put("org.opencontainers.image.source", "https://github.com/serinus-dev/serinus");
        labels.put("org.opencontainers.image.version", checkout.version());
        labels.put("org.opencontainers.image.revision", checkout.revision());
        labels.put("org.opencontainers.image.created", time.toString());
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        labels.put("org.opencontainers.image.base.name", base.name());
        return labels;
    }
}
