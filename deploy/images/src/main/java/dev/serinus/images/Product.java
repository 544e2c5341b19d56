package dev.serinus.images;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the images.
 *
 * @param name as in {@code ghcr.io/serinus-dev/NAME}
 * @param title for people
 * @param module whose jar it runs, within the checkout
 * @param options file of the JVM's options, within the checkout
 * @param command whether the options name the main class; else it is the jar's own
 * @param programs file with programs that are in it besides Java, within the checkout; null for
 *     none
 */
record Product(
        String name,
        String title,
        Path module,
        Path options,
        boolean command,
        @Nullable Path programs) {

    private static final Path IMAGES = Path.of("deploy/images");

    /** All of them; the chart names those of the services after the first. */
    static final List<Product> ALL =
            Stream.concat(
                            Stream.of(
                                    new Product(
                                            "serinus",
                                            "Serinus: all in one, and its commands",
                                            Path.of("deploy/cli"),
                                            IMAGES.resolve("all-in-one.options"),
                                            true,
                                            null)),
                            Stream.concat(
                                    Stream.of(
                                                    "watcher",
                                                    "analysis",
                                                    "router",
                                                    "webhook",
                                                    "notifier")
                                            .map(Product::service),
                                    Stream.of(loadTester())))
                    .toList();

    /** The only one with a shell: it runs what hooks ask for. */
    private static Product loadTester() {
        return new Product(
                "serinus-loadtester",
                "Serinus: load tester",
                Path.of("webhook-service"),
                IMAGES.resolve("loadtester.options"),
                true,
                IMAGES.resolve("loadtester.programs"));
    }

    private static Product service(String name) {
        return new Product(
                "serinus-" + name,
                "Serinus: " + name + " service",
                Path.of(name + "-service"),
                IMAGES.resolve("service.options"),
                false,
                null);
    }

    /** Where its image has the ahead-of-time cache of its JVM, if it has one. */
    String aotCache() {
        return JavaOptions.CACHES + name + ".aot";
    }

    /** The jar that it runs, within the checkout. */
    Path jar() {
        return module.resolve("target/" + module.getFileName() + ".jar");
    }

    /** The folder of the libraries of that jar, within the checkout. */
    Path libraries() {
        return module.resolve("target/lib");
    }

    /** The bill of materials of the module, within the checkout. */
    Path billOfMaterials() {
        return module.resolve("target/bom.json");
    }
}
