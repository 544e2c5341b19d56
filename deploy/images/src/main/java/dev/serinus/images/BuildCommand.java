package dev.serinus.images;

import dev.serinus.cli.Refused;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code deploy/serinus images build}. */
@Command(
        name = "build",
        sortOptions = false,
        description =
                "Builds the images of the services, and of the command with the all-in-one, each as"
                    + " an OCI layout in a tar with its bill of materials and digest beside it.")
final class BuildCommand implements Callable<Integer> {

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
                            + " else this machine's).")
    private List<String> platforms = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where they are written (default: deploy/target/images).")
    private Path out = root.resolve("deploy/target/images");

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
        Base below = Base.of(base);
        check(below);
        List<String> on = platforms.isEmpty() ? below.platforms() : platforms;
        Path work = Files.createTempDirectory("serinus-images-");
        try {
            var build = new ImageBuild(new Checkout(root), below, work);
            PrintWriter to = spec.commandLine().getOut();
            SizeTable.head(to);
            for (Product product : wanted()) {
                for (String platform : on) {
                    String name =
                            "%s-linux-%s"
                                    .formatted(product.name(), Platforms.architecture(platform));
                    OciArchive image = build.build(product, platform, out.resolve(name + ".tar"));
                    Files.writeString(out.resolve(name + ".digest"), image.digest() + "\n");
                    BillOfMaterials.write(
                            root.resolve(product.billOfMaterials()),
                            product,
                            image,
                            build.packages(product),
                            build.goPrograms(product),
                            out.resolve(name + ".cdx.json"));
                    SizeTable.row(to, name, image);
                }
            }
            to.flush();
        } finally {
            delete(work);
        }
        return 0;
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
        if (below instanceof Base.Debian
                && platforms.stream().anyMatch(each -> !each.equals(Platforms.own()))) {
            wrong.add(
                    "--platform: with --base debian only %s, since this JDK is put into it"
                            .formatted(Platforms.own()));
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
