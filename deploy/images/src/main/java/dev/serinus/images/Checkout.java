package dev.serinus.images;

import dev.serinus.cli.Refused;
import dev.serinus.schemas.shell.Version;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * What was built in a checkout.
 *
 * @param root of the checkout
 */
record Checkout(Path root) {

    /** The jars of an image, each in a fixed order. */
    record Jars(Path app, List<Path> ours, List<Path> others) {}

    /**
     * @throws Refused if something was not built
     */
    Jars jars(Product product) {
        Path app = root.resolve(product.jar());
        Path libraries = root.resolve(product.libraries());
        if (!Files.isRegularFile(app) || !Files.isDirectory(libraries)) {
            throw new Refused(
                    List.of(
                            "%s was not built: deploy/serinus build images"
                                    .formatted(root.relativize(app))));
        }
        try (Stream<Path> files = Files.list(libraries)) {
            List<Path> all = files.sorted().toList();
            return new Jars(
                    app,
                    all.stream().filter(Checkout::isOurs).toList(),
                    all.stream().filter(jar -> !isOurs(jar)).toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isOurs(Path jar) {
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .anyMatch(entry -> entry.getName().startsWith("META-INF/maven/dev.serinus/"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * The commit of the sources that the jars were made of, in full; with {@code -modified} after
     * it where they were changed since. Empty when they were built without their history.
     */
    String revision() {
        Version built = Version.current();
        if (built.commit().isEmpty()) {
            return "";
        }
        String commit = inFull(built.commit());
        return built.modified() ? commit + "-modified" : commit;
    }

    /** Jars may come to a place without their history, which alone knows all digits. */
    private String inFull(String commit) {
        try {
            return Program.in(root, "git", "rev-parse", commit + "^{commit}").output().strip();
        } catch (Refused _) {
            return commit;
        }
    }

    /** The version of the project. */
    String version() {
        return Version.current().version();
    }

    /** The time that everything in an image bears. */
    static Instant created() {
        var found = new Properties();
        try (var in = Checkout.class.getResourceAsStream("created.properties")) {
            if (in == null) {
                throw new IllegalStateException("created.properties is not in this jar");
            }
            found.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return Instant.parse(found.getProperty("created"));
    }
}
