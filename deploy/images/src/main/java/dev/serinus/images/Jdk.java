package dev.serinus.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.serinus.cli.Refused;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A JDK of which the Java runtime of an image is made.
 *
 * @param home its folder
 * @param version such as {@code 25.0.3+9-LTS}
 * @param vendor who built it
 * @param modules the folder of its modules, where it is for another kind of machine than this one
 */
record Jdk(Path home, String version, String vendor, Optional<Path> modules) {

    private static final String OPTION = "--jdk";

    /** The one that this runs on. */
    static Jdk own() {
        return new Jdk(
                Path.of(System.getProperty("java.home")),
                Runtime.version().toString(),
                System.getProperty("java.vendor"),
                Optional.empty());
    }

    /**
     * One for another kind of machine, which can be linked here, but not run.
     *
     * @throws Refused if it is another one, or has no modules
     */
    static Jdk of(String platform, Path home) {
        var release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        } catch (IOException _) {
            throw new Refused(
                    List.of(
                            "%s: %s is no folder of a JDK (no file release)"
                                    .formatted(OPTION, home)));
        }
        List<String> wrong = new ArrayList<>();
        String architecture = text(release, "OS_ARCH");
        if (!architecture.equals(Platforms.javaArchitecture(platform))) {
            wrong.add(
                    "%s: %s is for %s, not for %s".formatted(OPTION, home, architecture, platform));
        }
        String version = text(release, "JAVA_RUNTIME_VERSION");
        if (version.isEmpty()) {
            version = text(release, "JAVA_VERSION");
        }
        int feature = Runtime.version().feature();
        if (!version.matches(feature + "\\b.*")) {
            wrong.add(
                    "%s: %s has Java '%s', and this is Java %d"
                            .formatted(OPTION, home, version, feature));
        }
        Path modules = home.resolve("jmods");
        if (!Files.isRegularFile(modules.resolve("java.base.jmod"))) {
            wrong.add("%s: %s has no modules to link (no jmods)".formatted(OPTION, home));
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return new Jdk(home, version, text(release, "IMPLEMENTOR"), Optional.of(modules));
    }

    private static String text(Properties release, String name) {
        return release.getProperty(name, "").replace("\"", "");
    }

    /** Whether it is run by this machine. */
    boolean isOwn() {
        return modules.isEmpty();
    }

    /** Packages of Debian's that it needs beside those of every image: one of Debian's own does. */
    List<String> packages() {
        Path library = home.resolve("lib/libzip.so");
        try {
            return Files.isRegularFile(library)
                            && new String(Files.readAllBytes(library), ISO_8859_1)
                                    .contains("libz.so.1")
                    ? List.of("zlib1g")
                    : List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What bills of materials call it. */
    String packageUrl() {
        return "pkg:generic/jdk@" + version.replace("+", "%2B");
    }
}
