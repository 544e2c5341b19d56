package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.cli.Refused;
import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.layout.OciBlobs;
import dev.serinus.images.signing.Keys;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** Images that are signed, by the words of the command line. */
class SignedImageTest {

    private static final String ROUTER = "serinus-router-linux-amd64";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path root;

    @SuppressWarnings("NullAway.Init") // before each test
    private Keys keys;

    private final StringWriter told = new StringWriter();

    @BeforeEach
    void buildAndSign() throws Exception {
        System.setProperty("serinus.root", root.toString());
        SmallCheckout.in(root);
        keys = Keys.in(root, "key");
        Files.writeString(root.resolve("os"), "small");
        build();
    }

    private void build() throws Exception {
        Path base = SmallCheckout.base(root, root.resolve("os"));
        int code =
                run(
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
                        "registry.example/team");
        assertThat(code).as(told.toString()).isZero();
    }

    @AfterEach
    void forgetIt() {
        System.clearProperty("serinus.root");
    }

    @Test
    void anImageIsGoodByItsKeyAndByNoOther() throws IOException {
        told.getBuffer().setLength(0);

        assertThat(verify(keys)).isZero();
        assertThat(told.toString())
                .contains(
                        "ok     " + ROUTER + ".tar " + digest(),
                        "with https://slsa.dev/provenance/v1, https://cyclonedx.org/bom");
        assertThat(verify(Keys.in(root, "other"))).isOne();
        assertThat(told.toString())
                .contains(
                        "its signature is not by this key",
                        "the statement https://slsa.dev/provenance/v1 about it is not signed by"
                                + " this key");
    }

    @Test
    void anImageOfWhichOneByteIsAnotherIsNot() throws IOException {
        rewrite(image(), "blobs/", content -> content[content.length / 2] ^= 1);

        assertThat(verify(keys)).isOne();
        assertThat(told.toString()).contains("wrong  " + ROUTER + ".tar: its sha256:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.docker.distribution.manifest.v2+json",
                "application/vnd.oci.image.layer.v1.tar+gzip",
                "application/vnd.oci.image.index.v1+json"
            })
    void aLayerThatWasAlteredIsFoundWhateverTheIndexCallsTheImage(String type) throws IOException {
        String layer;
        try (var blobs = OciBlobs.open(image())) {
            layer = OciBlobs.parts(blobs.json(blobs.image().digest())).getLast().digest().hex();
        }
        rewrite(image(), "blobs/sha256/" + layer, content -> content[content.length / 2] ^= 1);
        replace(
                image(),
                "index.json",
                index -> index.replace("application/vnd.oci.image.manifest.v1+json", type));

        assertThat(verify(keys)).isOne();
        assertThat(told.toString()).contains("is named as '" + type + "', which it is not");
    }

    @Test
    void whatTheImageDoesNotLeadToIsNoPartOfIt() throws IOException {
        addTo(image(), "manifest.json");

        assertThat(verify(keys)).isOne();
        assertThat(told.toString())
                .contains("wrong  " + ROUTER + ".tar: manifest.json is no part of it");
    }

    @Test
    void aSecondFileOfTheSameNameIsRefused() throws IOException {
        addTo(image(), "index.json");

        assertThat(verify(keys)).isOne();
        assertThat(told.toString()).contains("has index.json twice");
    }

    @Test
    void signaturesOfAnotherImageAreNone() throws Exception {
        Files.copy(
                ImageFiles.signatures(image()),
                root.resolve("before.tar"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(root.resolve("os"), "another");
        build();
        Files.copy(
                root.resolve("before.tar"),
                ImageFiles.signatures(image()),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(verify(keys)).isOne();
        assertThat(told.toString()).contains("has no signature of " + digest());
    }

    @Test
    void anImageOfWhichTheStatementsWereTakenAwayIsNotGood() throws IOException {
        replace(
                ImageFiles.signatures(image()),
                "index.json",
                index -> index.replace(".att", ".gone"));

        assertThat(verify(keys)).isOne();
        assertThat(told.toString())
                .contains(
                        ": no https://slsa.dev/provenance/v1 about it is signed",
                        ": no https://cyclonedx.org/bom about it is signed");
    }

    @Test
    void theIndexOfAnEarlierBuildGoes() throws Exception {
        for (String end : List.of(".tar", ".signatures.tar", ".digest", ".provenance.json")) {
            Files.writeString(beside("serinus-router" + end), "of both platforms");
        }

        build();

        assertThat(image().getParent()).isDirectoryNotContaining("glob:**/serinus-router.*");
        assertThat(verify(keys)).isZero();
    }

    @Test
    void anImageWithoutSignaturesIsNotGood() throws IOException {
        Files.delete(ImageFiles.signatures(image()));

        assertThat(verify(keys)).isOne();
        assertThat(told.toString()).contains("there is no file");
    }

    @Test
    void theLayoutIsTheOneThatCosignReads() throws IOException {
        try (var blobs = OciBlobs.open(ImageFiles.signatures(image()))) {
            String tag = "sha256-" + new Digest(digest()).hex();
            assertThat(blobs.content())
                    .extracting(each -> each.annotations().get("org.opencontainers.image.ref.name"))
                    .containsExactly(tag + ".sig", tag + ".att");
            Descriptor signature =
                    OciBlobs.parts(blobs.json(blobs.content().getFirst().digest())).getLast();
            assertThat(signature.mediaType())
                    .isEqualTo("application/vnd.dev.cosign.simplesigning.v1+json");
            assertThat(JSON.readTree(blobs.bytes(signature.digest())))
                    .isEqualTo(
                            JSON.readTree(
                                    """
                                    {"critical": {
                                      "identity": {"docker-reference": "registry.example/team/serinus-router"},
                                      "image": {"docker-manifest-digest": "%s"},
                                      "type": "cosign container image signature"},
                                     "optional": null}
                                    """
                                            .formatted(digest())));
            for (Descriptor each : blobs.content()) {
                JsonNode manifest = blobs.json(each.digest());
                JsonNode config = blobs.json(new Digest(manifest.at("/config/digest").asText()));
                assertThat(config.at("/rootfs/diff_ids"))
                        .as("a layer is not compressed")
                        .hasSameSizeAs(manifest.path("layers"));
                assertThat(blobs.altered(blobs.reached(each))).isEmpty();
            }
        }
    }

    @Test
    void openSslVerifiesBothSignatures() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "SKIPPED: openssl is not here");
        try (var blobs = OciBlobs.open(ImageFiles.signatures(image()))) {
            Descriptor claim =
                    OciBlobs.parts(blobs.json(blobs.content().getFirst().digest())).getLast();

            assertThat(
                            openSsl(
                                    blobs.bytes(claim.digest()),
                                    Base64.getDecoder()
                                            .decode(
                                                    claim.annotations()
                                                            .get(
                                                                    "dev.cosignproject.cosign/signature"))))
                    .contains("Verified OK");
        }
        JsonNode envelope =
                JSON.readTree(Files.readAllBytes(beside(ROUTER + ".provenance.dsse.json")));
        byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
        assertThat(payload).isEqualTo(Files.readAllBytes(beside(ROUTER + ".provenance.json")));
        var encoded = new ByteArrayOutputStream();
        encoded.write(
                ("DSSEv1 28 application/vnd.in-toto+json " + payload.length + " ").getBytes(UTF_8));
        encoded.write(payload);
        assertThat(
                        openSsl(
                                encoded.toByteArray(),
                                Base64.getDecoder()
                                        .decode(envelope.at("/signatures/0/sig").asText())))
                .contains("Verified OK");
    }

    @Test
    void keysOfOpenSslAreTaken() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "SKIPPED: openssl is not here");
        Path secret = root.resolve("openssl.pem");
        Path open = root.resolve("openssl.pub");
        var _ =
                Program.in(
                                root,
                                "openssl",
                                "genpkey",
                                "-algorithm",
                                "EC",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-out",
                                secret.toString())
                        .output();
        var _ =
                Program.in(
                                root,
                                "openssl",
                                "pkey",
                                "-in",
                                secret.toString(),
                                "-pubout",
                                "-out",
                                open.toString())
                        .output();
        keys = new Keys(secret, open);

        build();

        assertThat(verify(keys)).isZero();
    }

    @Test
    void theKeyIsInNoFileAndInNoOutput() throws IOException {
        String secret = Files.readString(keys.secret()).lines().skip(1).findFirst().orElseThrow();

        assertThat(told.toString()).doesNotContain(secret);
        try (var files = Files.list(image().getParent())) {
            for (Path each : files.toList()) {
                assertThat(new String(Files.readAllBytes(each), UTF_8)).doesNotContain(secret);
            }
        }
    }

    private interface Change {
        void to(byte[] content);
    }

    /** Changes the first file in a tar whose name begins so, and leaves its name. */
    private static void rewrite(Path tar, String name, Change change) throws IOException {
        written(
                tar,
                name,
                content -> {
                    change.to(content);
                    return content;
                },
                "");
    }

    private static void replace(Path tar, String name, UnaryOperator<String> change)
            throws IOException {
        written(tar, name, content -> change.apply(new String(content, UTF_8)).getBytes(UTF_8), "");
    }

    private static void addTo(Path tar, String name) throws IOException {
        written(tar, "", content -> content, name);
    }

    private static void written(Path tar, String name, UnaryOperator<byte[]> change, String added)
            throws IOException {
        Path before = Files.move(tar, tar.resolveSibling("before"));
        boolean changed = false;
        try (var in = new TarArchiveInputStream(Files.newInputStream(before));
                var out = new TarArchiveOutputStream(Files.newOutputStream(tar), UTF_8.name())) {
            for (TarArchiveEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                byte[] content = in.readAllBytes();
                if (!changed && each.getName().startsWith(name)) {
                    content = change.apply(content);
                    changed = true;
                }
                put(out, each, content);
            }
            if (!added.isEmpty()) {
                put(out, new TarArchiveEntry(added), "[]".getBytes(UTF_8));
            }
        }
        Files.delete(before);
    }

    private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, byte[] content)
            throws IOException {
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private String openSsl(byte[] text, byte[] signature) throws IOException {
        Path textFile = Files.write(root.resolve("text"), text);
        Path signatureFile = Files.write(root.resolve("signature"), signature);
        return Program.in(
                        root,
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-verify",
                        keys.open().toString(),
                        "-signature",
                        signatureFile.toString(),
                        textFile.toString())
                .output();
    }

    private int verify(Keys by) {
        return run("verify", "--key", by.open().toString());
    }

    private int run(String... arguments) {
        var line = new CommandLine(new Main());
        line.setOut(new PrintWriter(told, true));
        line.setErr(new PrintWriter(told, true));
        line.setExecutionExceptionHandler(
                (trouble, _, _) -> {
                    told.append(trouble instanceof Refused ? trouble.getMessage() : "" + trouble);
                    return CommandLine.ExitCode.USAGE;
                });
        return line.execute(arguments);
    }

    private Path image() {
        return beside(ROUTER + ".tar");
    }

    private Path beside(String name) {
        return root.resolve("deploy/target/images").resolve(name);
    }

    private String digest() throws IOException {
        return Files.readString(beside(ROUTER + ".digest")).strip();
    }
}
