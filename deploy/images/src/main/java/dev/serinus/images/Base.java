package dev.serinus.images;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.registry.credentials.DockerConfigCredentialRetriever;

import dev.serinus.cli.Refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What lies below libraries and jars: a system, and a Java 25 that {@code PATH} leads to. */
sealed interface Base {

    /**
     * {@code debian}, a file of {@code docker save}, or an image of a registry.
     *
     * @param jdks by platform, besides that of this machine
     * @param sources of packages for other platforms than this machine's
     * @throws Refused if it is none of them
     */
    static Base of(String text, Map<String, Path> jdks, Optional<Path> sources) {
        if (text.equals(Debian.NAME)) {
            return Debian.with(jdks, sources);
        }
        if (!jdks.isEmpty() || sources.isPresent()) {
            throw new Refused(
                    List.of(
                            "--jdk, --sources: a base that is an image has a Java of its own: "
                                    + text));
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

    /** Whether it comes from a registry of this machine, which may be asked without TLS. */
    default boolean isLocal() {
        return false;
    }

    /**
     * Of Debian's packages and a JDK.
     *
     * @param jdks by platform: that of this machine, and those that were given
     * @param sources of packages for those, as {@code sources.list} of apt names them; without it
     *     they come from where this machine's come from
     */
    record Debian(Map<String, Jdk> jdks, Optional<Path> sources) implements Base {

        static final String NAME = "debian";

        public Debian {
            jdks = Map.copyOf(jdks);
        }

        /** For this machine's platform alone. */
        static Debian own() {
            return with(Map.of(), Optional.empty());
        }

        /**
         * @throws Refused with every JDK that cannot be used
         */
        static Debian with(Map<String, Path> others, Optional<Path> sources) {
            Map<String, Jdk> jdks = new HashMap<>(Map.of(Platforms.own(), Jdk.own()));
            List<String> wrong = new ArrayList<>();
            sources.filter(file -> !Files.isRegularFile(file))
                    .ifPresent(file -> wrong.add("--sources: there is no file " + file));
            others.forEach(
                    (platform, home) -> {
                        if (platform.equals(Platforms.own()) || !Platforms.ALL.contains(platform)) {
                            wrong.add(
                                    "--jdk: '%s' is no other platform than this machine's (%s)"
                                            .formatted(platform, Platforms.own()));
                            return;
                        }
                        try {
                            jdks.put(platform, Jdk.of(platform, home));
                        } catch (Refused refused) {
                            wrong.addAll(refused.reasons());
                        }
                    });
            if (!wrong.isEmpty()) {
                throw new Refused(wrong);
            }
            return new Debian(jdks, sources);
        }

        /**
         * @throws IllegalStateException if there is none for it
         */
        Jdk jdk(String platform) {
            Jdk jdk = jdks.get(platform);
            if (jdk == null) {
                throw new IllegalStateException("there is no JDK for " + platform);
            }
            return jdk;
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<String> platforms() {
            return Platforms.ALL.stream().filter(jdks::containsKey).toList();
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

    /**
     * An image of a registry, best named by its digest.
     *
     * @param logins Docker's file of logins to registries, where there is one
     */
    record Registry(String reference, Path logins) implements Base {

        private static final Pattern LOCAL =
                Pattern.compile("(localhost|127\\.[0-9.]+)(:[0-9]+)?/.*");

        Registry(String reference) {
            this(reference, dockersLogins());
        }

        private static Path dockersLogins() {
            String folder = System.getenv("DOCKER_CONFIG");
            return (folder == null
                            ? Path.of(System.getProperty("user.home"), ".docker")
                            : Path.of(folder))
                    .resolve("config.json");
        }

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
                String registry = ImageReference.parse(reference).getRegistry();
                if (isLocal()) {
                    // As Docker does: it has no TLS, and what is sent stays on this machine.
                    System.setProperty("sendCredentialsOverHttp", "true");
                }
                var login = DockerConfigCredentialRetriever.create(registry, logins);
                return Jib.from(
                        RegistryImage.named(reference)
                                .addCredentialRetriever(() -> retrieve(login)));
            } catch (InvalidImageReferenceException _) {
                throw new Refused(
                        List.of(
                                "--base: '%s' is neither debian, nor a .tar, nor the name of an image"
                                        .formatted(reference)));
            }
        }

        private Optional<Credential> retrieve(DockerConfigCredentialRetriever login) {
            try {
                return login.retrieve(_ -> {});
            } catch (IOException | RuntimeException unreadable) {
                // Its own words may have what is in the file.
                throw new Refused(
                        List.of(
                                "--base %s: the logins in %s cannot be read (%s)"
                                        .formatted(
                                                reference,
                                                logins,
                                                unreadable.getClass().getSimpleName())));
            }
        }

        @Override
        public boolean isLocal() {
            return LOCAL.matcher(reference).matches();
        }
    }
}
