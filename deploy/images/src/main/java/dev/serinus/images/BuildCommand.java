package dev.serinus.images;

import dev.serinus.cli.Refused;
import dev.serinus.images.ImageFiles.Signing;
import dev.serinus.images.signing.SigningKey;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code deploy/serinus images build}. */
@Command(
        name = "build",
        sortOptions = false,
        description =
                "Builds the images of the services, and of the command with the all-in-one, each as"
                    + " an OCI layout in a tar with its bill of materials, provenance and digest"
                    + " beside it.")
final class BuildCommand implements Callable<Integer> {

    /** Where images are written within the checkout, unless somebody says otherwise. */
    static final String OUT = "deploy/target/images";

    private static final String KEY = "--sign-key";

    private final Path root = Path.of(System.getProperty("serinus.root"));

    @Option(
            names = "--base",
            paramLabel = "BASE",
            description =
                    "What lies below: debian, which is made of Debian's packages and of this JDK;"
                        + " an image of a registry, or a .tar of docker save, in which PATH leads"
                        + " to a Java 25 (default: ${DEFAULT-VALUE}).")
    private String base = Base.Debian.NAME;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Images to build, such as serinus-router (default: all).")
    private List<String> only = List.of();

    @Option(
            names = "--platform",
            paramLabel = "PLATFORM",
            split = ",",
            description =
                    "linux/amd64, linux/arm64 or both (default: both with a base of a registry,"
                            + " else this machine's and those of --jdk). Of both there is an index"
                            + " besides.")
    private List<String> platforms = List.of();

    @Option(
            names = "--jdk",
            paramLabel = "PLATFORM=DIR",
            description =
                    "With --base debian: an unpacked JDK 25 for a platform that is not this"
                            + " machine's, with its jmods.")
    private Map<String, Path> jdks = Map.of();

    @Option(
            names = "--sources",
            paramLabel = "FILE",
            description =
                    "With --jdk: where Debian's packages for that platform come from, as apt's"
                            + " sources.list says it (default: as this machine's).")
    private @Nullable Path sources;

    @Option(
            names = KEY,
            paramLabel = "FILE",
            description =
                    "Sign images, provenance and bills of materials with this key: ECDSA on P-256,"
                            + " in PEM (openssl genpkey -algorithm EC -pkeyopt"
                            + " ec_paramgen_curve:P-256).")
    private @Nullable Path signKey;

    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description =
                    "What stands before the names of images in your registry, for the signatures"
                            + " (default: ${DEFAULT-VALUE}).")
    private String repository = "ghcr.io/serinus-dev";

    @Option(
            names = "--aot",
            description =
                    "Put an ahead-of-time cache into each image but the load tester's, as a layer"
                        + " of its own: it starts with half of the work. Each image is run for it,"
                        + " by bubblewrap, and takes part in a rollout, which takes some minutes;"
                        + " its digest is another one each time.")
    private boolean aot;

    @Option(
            names = "--builder",
            paramLabel = "URI",
            description =
                    "Who builds, for the provenance, such as the address of the workflow (default:"
                            + " a machine that says nothing of itself).")
    private URI builder = Provenance.UNNAMED;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where they are written (default: deploy/target/images).")
    private Path out = root.resolve(OUT);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Base below = Base.of(base, jdks, Optional.ofNullable(sources));
        check(below);
        Optional<Signing> signing =
                Optional.ofNullable(signKey)
                        .map(file -> new Signing(SigningKey.read(file), repository));
        Path work = Files.createTempDirectory("serinus-images-");
        try {
            var checkout = new Checkout(root);
            var build = new ImageBuild(checkout, below, work);
            var provenance = new Provenance(checkout, below, builder);
            var files = new ImageFiles(build, checkout, provenance, signing, out);
            Map<Product, Path> caches = aot ? train(build, work) : Map.of();
            PrintWriter to = spec.commandLine().getOut();
            SizeTable.head(to);
            for (Product product : wanted()) {
                List<OciArchive> images = new ArrayList<>();
                for (String platform : platforms(below)) {
                    OciArchive image = files.write(product, platform, caches.get(product));
                    SizeTable.row(to, ImageFiles.name(product, platform), image);
                    images.add(image);
                }
                if (images.size() > 1) {
                    SizeTable.row(to, product.name(), files.writeIndex(product, images), images);
                } else {
                    files.deleteIndex(product);
                }
            }
            to.flush();
        } finally {
            delete(work);
        }
        return 0;
    }

    private Map<Product, Path> train(ImageBuild build, Path work) throws IOException {
        // What the cluster and the broker of the training say is of no use to who builds.
        System.setProperty("logback.configurationFile", "dev/serinus/bench/logback.xml");
        Path untrained = Files.createDirectories(work.resolve("untrained"));
        try (var training =
                new ImageTraining(
                        product ->
                                build.build(
                                        product,
                                        Platforms.own(),
                                        untrained.resolve(product.name() + ".tar")),
                        root,
                        Files.createDirectories(work.resolve("training")),
                        this::say)) {
            return training.run(Set.copyOf(wanted()));
        }
    }

    private void say(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }

    /** A cache can be made for this machine's alone. */
    private List<String> platforms(Base below) {
        if (!platforms.isEmpty()) {
            return platforms.stream().distinct().toList();
        }
        return aot ? List.of(Platforms.own()) : below.platforms();
    }

    private List<Product> wanted() {
        return Product.ALL.stream()
                .filter(each -> only.isEmpty() || only.contains(each.name()))
                .toList();
    }

    private void check(Base below) {
        List<String> wrong = new ArrayList<>();
        List<String> names = Product.ALL.stream().map(Product::name).toList();
        only.stream()
                .filter(name -> !names.contains(name))
                .forEach(
                        name ->
                                wrong.add(
                                        "--only: there is no image '%s'; they are %s"
                                                .formatted(name, String.join(", ", names))));
        platforms.stream()
                .filter(platform -> !Platforms.ALL.contains(platform))
                .forEach(
                        platform ->
                                wrong.add(
                                        "--platform: '%s' is none of %s"
                                                .formatted(
                                                        platform,
                                                        String.join(", ", Platforms.ALL))));
        if (below instanceof Base.Debian && !below.platforms().containsAll(platforms)) {
            wrong.add(
                    "--platform: with --base debian only %s, whose JDK is put into it; name others"
                                    .formatted(String.join(", ", below.platforms()))
                            + " with --jdk PLATFORM=DIR");
        }
        if (aot) {
            if (platforms.stream().anyMatch(each -> !each.equals(Platforms.own()))) {
                wrong.add(
                        "--platform: with --aot only %s, since the images are run here"
                                .formatted(Platforms.own()));
            }
            Sandbox.hindrance()
                    .ifPresent(
                            why ->
                                    wrong.add(
                                            "--aot: the images have to be run here without"
                                                    + " privileges, and "
                                                    + why));
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
