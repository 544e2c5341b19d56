package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.cli.Refused;
import dev.serinus.schemas.shell.Version;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The all-in-one's image for arm64, linked here and run by an emulator without privileges. JDK and
 * emulator are Debian's, 430 MB that are fetched each time.
 */
@Tag("nightly")
class OtherPlatformIT {

    private static final String SUITE = "trixie"; // the first with a JDK 25
    private static final Path NOTHING = Path.of("/no/such/file");

    /** Ten times slower than this machine, or worse. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // the extension sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static OciArchive image;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Path emulator;

    @BeforeAll
    static void build() throws IOException {
        RunningImageIT.assumeThatImagesRun(folder);
        assumeTrue(
                Platforms.own().equals(Platforms.AMD64),
                "SKIPPED: this machine is one of arm64 itself");
        Path sources = sources();
        try {
            Apt own = Apt.of(Platforms.own(), Optional.empty(), folder("own"));
            emulator =
                    unpack(own, "qemu-user-static", folder("emulator"))
                            .resolve("usr/bin/qemu-aarch64-static");
            Apt other = Apt.of(Platforms.ARM64, Optional.of(sources), folder("other"));
            Path jdk = folder("jdk");
            unpack(other, "openjdk-25-jdk-headless", jdk);
            unpack(other, "openjdk-25-jre-headless", jdk);
        } catch (Refused refused) {
            assumeTrue(false, "SKIPPED: no JDK 25 for arm64 to be had: " + refused.getMessage());
        }
        var base =
                Base.Debian.with(
                        Map.of(
                                Platforms.ARM64,
                                folder.resolve("jdk/usr/lib/jvm/java-25-openjdk-arm64")),
                        Optional.of(sources));
        image =
                new ImageBuild(new Checkout(RunningImageIT.ROOT), base, folder("work"))
                        .build(
                                Product.ALL.getFirst(),
                                Platforms.ARM64,
                                folder.resolve("serinus-linux-arm64.tar"));
    }

    /** Where this machine's packages come from, of the suite that has a JDK. */
    private static Path sources() throws IOException {
        String mirror =
                Program.in(
                                folder,
                                "apt-get",
                                "indextargets",
                                "--format",
                                "$(REPO_URI)",
                                "Created-By: Packages")
                        .output()
                        .lines()
                        .findFirst()
                        .orElseThrow();
        return Files.writeString(
                folder.resolve("sources.list"),
                "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main%n"
                        .formatted(mirror, SUITE));
    }

    private static Path unpack(Apt apt, String name, Path to) throws IOException {
        Path archive = apt.download(name, folder("package-" + name));
        var _ = Program.in(folder, "dpkg-deb", "-x", archive.toString(), to.toString()).output();
        return to;
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    @Test
    void saysWhatItIs() throws Exception {
        try (var sandbox = new Sandbox(image, Optional.of(emulator))) {
            Process container = sandbox.start(NOTHING, Map.of(), "--version");

            await().atMost(PATIENCE).until(() -> !container.isAlive());

            assertThat(sandbox.output().strip()).endsWith(Version.current().line());
            assertThat(container.exitValue()).isZero();
        }
    }

    @Test
    void plansARelease() throws Exception {
        Path canary =
                Files.writeString(
                        folder.resolve("canary.yaml"),
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: Canary
                        metadata: {name: podinfo, namespace: shop}
                        spec:
                          provider: kubernetes
                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                          service: {port: 9898}
                          analysis: {interval: 1m, threshold: 2, iterations: 8}
                        """);
        try (var sandbox = new Sandbox(image, Optional.of(emulator))) {
            Process container = sandbox.start(canary, Map.of(), "plan", Sandbox.GIVEN);

            await().atMost(PATIENCE).until(() -> !container.isAlive());

            assertThat(sandbox.output()).contains("podinfo", "Promoted after");
            assertThat(container.exitValue()).as(sandbox.output()).isZero();
        }
    }
}
