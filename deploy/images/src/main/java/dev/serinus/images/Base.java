package dev.serinus.images;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;

import dev.serinus.cli.Refused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What lies below libraries and jars: a system, and a Java 25 that {@code PATH} leads to. */
sealed interface Base {

    /**
     * {@code debian}, a file of {@code docker save}, or an image of a registry.
     *
     * @throws Refused if it is none of them
     */
    static Base of(String text) {
        if (text.equals(Debian.NAME)) {
            return new Debian();
        }
        if (text.endsWith(".tar")) {
            Path file = Path.of(text);
            if (!Files.isRegularFile(file)) {
                throw new Refused(List.of("--base: there is no file " + text));
            }
            return new Archive(file);
        }
        return new Registry(text);
    }

    /** By which an image's label and papers name it. */
    String name();

    /** The platforms it can be had for, when nobody asks for others. */
    List<String> platforms();

    /** An image with nothing else in it. */
    JibContainerBuilder begin();

    /** Of Debian's packages and of the JDK of this machine, and so of its platform alone. */
    record Debian() implements Base {

        static final String NAME = "debian";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<String> platforms() {
            return List.of(Platforms.own());
        }

        @Override
        public JibContainerBuilder begin() {
            return Jib.fromScratch()
                    .setEnvironment(
                            Map.of(
                                    "PATH",
                                    JavaRuntime.HOME + "/bin",
                                    "JAVA_HOME",
                                    JavaRuntime.HOME));
        }
    }

    /** A file as {@code docker save} writes it. */
    record Archive(Path file) implements Base {

        @Override
        public String name() {
            return String.valueOf(file.getFileName());
        }

        @Override
        public List<String> platforms() {
            return List.of(Platforms.own());
        }

        @Override
        public JibContainerBuilder begin() {
            return Jib.from(TarImage.at(file));
        }
    }

    /** An image of a registry, best named by its digest. */
    record Registry(String reference) implements Base {

        @Override
        public String name() {
            return reference;
        }

        @Override
        public List<String> platforms() {
            return Platforms.ALL;
        }

        @Override
        public JibContainerBuilder begin() {
            try {
                return Jib.from(RegistryImage.named(reference));
            } catch (InvalidImageReferenceException _) {
                throw new Refused(
                        List.of(
                                "--base: '%s' is neither debian, nor a .tar, nor the name of an image"
                                        .formatted(reference)));
            }
        }
    }
}
