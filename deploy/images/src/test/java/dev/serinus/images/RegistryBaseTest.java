package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;

import dev.serinus.cli.Refused;
import dev.serinus.images.layout.OciBlobs;
import dev.serinus.images.signing.Keys;
import dev.serinus.images.signing.SignatureCheck;
import dev.serinus.images.signing.SigningKey;
import dev.serinus.images.signing.VerificationKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Images on a base that a registry has, for both platforms. */
class RegistryBaseTest {

    private static final Product ROUTER =
            Product.ALL.stream()
                    .filter(each -> each.name().equals("serinus-router"))
                    .findFirst()
                    .orElseThrow();

    private static final String LOGIN = "puller:s3cret";

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path layout;

    /** A base for both platforms, each of which says which it is. */
    @BeforeEach
    void makeBase() throws Exception {
        List<OciArchive> images = new ArrayList<>();
        for (String platform : Platforms.ALL) {
            String architecture = Platforms.architecture(platform);
            Path file = Files.writeString(folder.resolve("machine"), architecture);
            Path tar = folder.resolve("base-" + architecture + ".tar");
            Jib.fromScratch()
                    .setPlatforms(Set.of(new Platform(architecture, "linux")))
                    .setFormat(ImageFormat.OCI)
                    .addLayer(List.of(file), AbsoluteUnixPath.get("/etc/"))
                    .containerize(
                            Containerizer.to(TarImage.at(tar).named("java:25"))
                                    .setBaseImageLayersCache(folder.resolve("base-cache"))
                                    .setApplicationLayersCache(folder.resolve("base-cache")));
            images.add(OciArchive.read(tar));
        }
        layout = folder.resolve("base.tar");
        PlatformIndex.write(layout, "java:25", images);
    }

    @Test
    void eachPlatformIsBuiltOnItsOwnImageOfTheBase() throws IOException {
        try (var registry = new LocalRegistry(layout, "")) {
            var build = build(registry.host() + "/java:25", folder.resolve("no-logins"));

            for (String platform : Platforms.ALL) {
                OciArchive image = build.build(ROUTER, platform, out(platform));

                Path root =
                        Files.createDirectories(
                                folder.resolve("root-" + out(platform).getFileName()));
                image.unpack(root);
                assertThat(root.resolve("etc/machine"))
                        .hasContent(Platforms.architecture(platform));
                assertThat(image.platform()).isEqualTo(platform);
            }
        }
    }

    @Test
    void aBaseIsPulledByItsDigest() throws IOException {
        try (var registry = new LocalRegistry(layout, "")) {
            String digest = registry.digest();

            build(registry.host() + "/java@" + digest, folder.resolve("no-logins"))
                    .build(ROUTER, Platforms.ARM64, out(Platforms.ARM64));

            assertThat(registry.asked()).contains("GET /v2/java/manifests/" + digest);
            assertThat(registry.asked()).doesNotContain("GET /v2/java/manifests/25");
        }
    }

    @Test
    void aLoginIsTakenFromDockersFile() throws IOException {
        try (var registry = new LocalRegistry(layout, LOGIN)) {
            Path logins = logins(registry, LOGIN);

            OciArchive image =
                    build(registry.host() + "/java:25", logins)
                            .build(ROUTER, Platforms.AMD64, out(Platforms.AMD64));

            assertThat(image.layers()).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aRegistryThatWantsALoginIsNamedAndThePasswordIsNot() throws IOException {
        try (var registry = new LocalRegistry(layout, LOGIN)) {
            String reference = registry.host() + "/java:25";
            var without = build(reference, folder.resolve("no-logins"));
            assertThatThrownBy(() -> without.build(ROUTER, Platforms.AMD64, out(Platforms.AMD64)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("--base " + reference)
                    .hasMessageContaining("nauthorized");

            var wrong = build(reference, logins(registry, "puller:wr0ng"));
            assertThatThrownBy(() -> wrong.build(ROUTER, Platforms.AMD64, out(Platforms.AMD64)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("--base " + reference)
                    .hasMessageNotContaining("wr0ng");

            Path broken = Files.writeString(folder.resolve("broken.json"), "{\"auths\": s3cret");
            var unreadable = build(reference, broken);
            assertThatThrownBy(
                            () -> unreadable.build(ROUTER, Platforms.AMD64, out(Platforms.AMD64)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("the logins in " + broken)
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void aBaseThatIsNotThereIsRefused() throws IOException {
        try (var registry = new LocalRegistry(layout, "")) {
            String reference = registry.host() + "/java:26";
            var build = build(reference, folder.resolve("no-logins"));

            assertThatThrownBy(() -> build.build(ROUTER, Platforms.AMD64, out(Platforms.AMD64)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("--base " + reference + ": ")
                    .hasMessageContaining("no such thing here");
        }
    }

    @Test
    void onlyARegistryOfThisMachineIsAskedWithoutTls() {
        assertThat(new Base.Registry("127.0.0.1:5000/java:25").isLocal()).isTrue();
        assertThat(new Base.Registry("localhost/java:25").isLocal()).isTrue();
        assertThat(new Base.Registry("127.0.0.1.example/java:25").isLocal()).isFalse();
        assertThat(new Base.Registry("registry.example/java:25").isLocal()).isFalse();
        assertThat(new Base.Registry("localhost.example/java:25").isLocal()).isFalse();
    }

    @Test
    void bothPlatformsAreOneImageInOneFile() throws Exception {
        try (var registry = new LocalRegistry(layout, "")) {
            var checkout = SmallCheckout.in(folder.resolve("checkout"));
            var base = new Base.Registry(registry.host() + "/java:25");
            var build = new ImageBuild(checkout, base, work());
            var keys = Keys.in(folder, "key");
            Path out = Files.createDirectories(folder.resolve("out"));
            var files =
                    new ImageFiles(
                            build,
                            checkout,
                            new Provenance(checkout, base, Provenance.UNNAMED),
                            Optional.of(
                                    new ImageFiles.Signing(
                                            SigningKey.read(keys.secret()), "registry.example")),
                            out);
            List<OciArchive> images = new ArrayList<>();
            for (String platform : Platforms.ALL) {
                images.add(files.write(ROUTER, platform, null));
            }

            var index = files.writeIndex(ROUTER, images);

            try (var blobs = OciBlobs.open(out.resolve("serinus-router.tar"))) {
                assertThat(blobs.image().digest()).isEqualTo(index.digest());
                JsonNode manifests = blobs.json(index.digest()).path("manifests");
                assertThat(manifests.findValuesAsText("digest"))
                        .containsExactly(images.get(0).digest(), images.get(1).digest());
                assertThat(manifests.findValuesAsText("architecture"))
                        .containsExactly("amd64", "arm64");
                var reached = blobs.reached(blobs.image());
                assertThat(blobs.altered(reached)).isEmpty();
                assertThat(reached)
                        .as("layers of jars are there once for both")
                        .hasSizeLessThan(
                                1 + 2 * 2 + images.stream().mapToInt(i -> i.layers().size()).sum());
            }
            Path file = out.resolve("serinus-router.tar");
            assertThat(
                            new SignatureCheck(VerificationKey.read(keys.open()))
                                    .of(file, ImageFiles.signatures(file))
                                    .wrong())
                    .as("bills are of its images")
                    .isEmpty();
            assertThat(out.resolve("serinus-router.digest")).hasContent(index.digest().text());
            assertThat(out.resolve("serinus-router.provenance.json"))
                    .content(UTF_8)
                    .contains("\"linux/amd64,linux/arm64\"", index.digest().hex());
            byte[] first = Files.readAllBytes(out.resolve("serinus-router.tar"));
            files.writeIndex(ROUTER, images);
            assertThat(out.resolve("serinus-router.tar"))
                    .as("the same again")
                    .hasBinaryContent(first);
        }
    }

    private ImageBuild build(String reference, Path logins) throws IOException {
        return new ImageBuild(
                SmallCheckout.in(folder.resolve("checkout")),
                new Base.Registry(reference, logins),
                work());
    }

    private Path work() throws IOException {
        return Files.createTempDirectory(folder, "work");
    }

    private Path out(String platform) {
        return folder.resolve(ImageFiles.name(ROUTER, platform) + ".tar");
    }

    private Path logins(LocalRegistry registry, String login) throws IOException {
        return Files.writeString(
                folder.resolve("logins.json"),
                "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
                        .formatted(
                                registry.host(),
                                Base64.getEncoder().encodeToString(login.getBytes(UTF_8))));
    }
}
