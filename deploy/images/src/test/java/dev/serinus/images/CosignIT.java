package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.Refused;
import dev.serinus.images.signing.Keys;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code images build --sign-key} writes, put into a registry and verified there by cosign
 * itself.
 */
@Tag("nightly") // cosign is fetched and compiled, two and a half minutes on two cores
class CosignIT {

    private static final List<GoProgram> PROGRAMS =
            List.of(
                    new GoProgram(
                            "github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3", "cosign", null),
                    new GoProgram(
                            "github.com/google/go-containerregistry/cmd/crane@v0.22.1",
                            "crane",
                            null));

    private static final String ROUTER = "serinus-router-linux-amd64";
    private static final String NAME = "org.opencontainers.image.ref.name";
    private static final Pattern PORT = Pattern.compile("serving on port ([0-9]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // the extension sets it
    static Path folder;

    private static Optional<Process> registry = Optional.empty();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Path programs;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Keys keys;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String repository;

    @BeforeAll
    static void publish() throws Exception {
        assumeTrue(isGoThere(), "SKIPPED: no Go, in which cosign is built");
        Path work = Files.createDirectories(folder.resolve("go"));
        GoPrograms.build(PROGRAMS, Platforms.own().replace("linux/", ""), work);
        programs = work;
        repository = "127.0.0.1:" + serve() + "/team/serinus-router";
        Path images = build();
        Path image = unpack(images.resolve(ROUTER + ".tar"), "image");
        push(image, "v1");
        pushEach(unpack(images.resolve(ROUTER + ".signatures.tar"), "signatures"));
    }

    private static boolean isGoThere() {
        try {
            return !Program.in(folder, "go", "version").output().isEmpty();
        } catch (Refused _) {
            return false;
        }
    }

    /** A registry in memory; returns its port. */
    private static String serve() throws IOException {
        Path log = folder.resolve("registry.log");
        Process started =
                new ProcessBuilder(
                                program("crane"), "registry", "serve", "--address", "127.0.0.1:0")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        registry = Optional.of(started);
        return await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> {
                            assertThat(started.isAlive()).as(Files.readString(log)).isTrue();
                            Matcher told = PORT.matcher(Files.readString(log));
                            return told.find() ? told.group(1) : "";
                        },
                        port -> !port.isEmpty());
    }

    /** The router's image with small jars in it; returns the folder that it is in. */
    private static Path build() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        SmallCheckout.in(root);
        keys = Keys.in(root, "key");
        Path base = SmallCheckout.base(root, Files.writeString(root.resolve("os"), "small"));
        String before = System.getProperty("serinus.root");
        System.setProperty("serinus.root", root.toString());
        try {
            int code =
                    new CommandLine(new Main())
                            .execute(
                                    "build",
                                    "--base",
                                    base.toString(),
                                    "--only",
                                    "serinus-router",
                                    "--platform",
                                    "linux/amd64",
                                    "--sign-key",
                                    keys.secret().toString(),
                                    "--repository",
                                    repository.replace("/serinus-router", ""));
            assertThat(code).isZero();
        } finally {
            System.setProperty("serinus.root", before);
        }
        return root.resolve("deploy/target/images");
    }

    private static Path unpack(Path tar, String name) throws IOException {
        Path into = Files.createDirectories(folder.resolve(name));
        var _ = Program.in(into, "tar", "xf", tar.toString()).output();
        return into;
    }

    /** Each image of the layout, by the tag that its index names. */
    private static void pushEach(Path layout) throws IOException {
        Path index = layout.resolve("index.json");
        var all = (ObjectNode) JSON.readTree(Files.readAllBytes(index));
        var images = (ArrayNode) all.path("manifests").deepCopy();
        assertThat(images).hasSize(2);
        for (var image : images) {
            all.putArray("manifests").add(image);
            Files.write(index, JSON.writeValueAsBytes(all));
            push(layout, image.path("annotations").path(NAME).asText());
        }
    }

    private static void push(Path layout, String tag) {
        var _ =
                Program.in(
                                folder,
                                program("crane"),
                                "push",
                                "--insecure",
                                layout.toString(),
                                repository + ":" + tag)
                        .output();
    }

    private static String program(String name) {
        return programs.resolve(name).resolve("bin").resolve(name).toString();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (registry.isPresent()) {
            registry.get().destroy();
            registry.get().waitFor();
        }
    }

    @Test
    void itsSignatureIsGoodByItsKeyAndByNoOther() throws IOException {
        assertThat(cosign("verify", keys)).contains("The cosign claims were validated");

        Keys other = Keys.in(folder, "other");
        assertThatThrownBy(() -> cosign("verify", other)).hasMessageContaining("signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slsaprovenance1", "cyclonedx"})
    void whatIsStatedAboutItIsGoodByItsKeyAndByNoOther(String type) throws IOException {
        assertThat(cosign("verify-attestation", keys, "--type", type))
                .contains("The signatures were verified against the specified public key");

        Keys other = Keys.in(folder, "other-" + type);
        assertThatThrownBy(() -> cosign("verify-attestation", other, "--type", type))
                .hasMessageContaining("signature");
    }

    /** No service that logs signatures is asked: there is none for a key of one's own. */
    private static String cosign(String command, Keys by, String... more) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of(program("cosign"), command, "--key", by.open().toString()));
        line.addAll(List.of("--insecure-ignore-tlog=true", "--allow-http-registry"));
        line.addAll(List.of(more));
        line.add(repository + ":v1");
        return Program.run(folder, line).output();
    }
}
