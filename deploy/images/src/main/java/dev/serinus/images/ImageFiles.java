package dev.serinus.images;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.signing.DsseEnvelope;
import dev.serinus.images.signing.ImageSignatures;
import dev.serinus.images.signing.ImageSignatures.Subject;
import dev.serinus.images.signing.SigningKey;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images as files, with their papers beside them: digest, bill of materials, provenance, and
 * signatures where there is a key.
 */
final class ImageFiles {

    private static final String ARCHIVE = ".tar";
    private static final String SIGNATURES = ".signatures" + ARCHIVE;

    private final ImageBuild build;
    private final Checkout checkout;
    private final Provenance provenance;
    private final Optional<Signing> signing;
    private final Path out;

    /**
     * How images are signed.
     *
     * @param repository what stands before the names of images in a registry, such as {@code
     *     ghcr.io/serinus-dev}
     */
    record Signing(SigningKey key, String repository) {}

    /**
     * @param out where they are written
     */
    ImageFiles(
            ImageBuild build,
            Checkout checkout,
            Provenance provenance,
            Optional<Signing> signing,
            Path out) {
        this.build = build;
        this.checkout = checkout;
        this.provenance = provenance;
        this.signing = signing;
        this.out = out;
    }

    /** The files of an image that is named so, such as {@code serinus-linux-arm64}. */
    static String name(Product product, String platform) {
        return "%s-linux-%s".formatted(product.name(), Platforms.architecture(platform));
    }

    /** Where the signatures of an image are, beside it. */
    static Path signatures(Path image) {
        String name = String.valueOf(image.getFileName());
        return image.resolveSibling(
                name.substring(0, name.length() - ARCHIVE.length()) + SIGNATURES);
    }

    /** Whether it is the file of an image, and of nothing about one. */
    static boolean isImage(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ARCHIVE) && !name.endsWith(SIGNATURES);
    }

    /**
     * Builds an image and writes all of its files.
     *
     * @param cache the ahead-of-time cache of its JVM, if it has one
     */
    OciArchive write(Product product, String platform, @Nullable Path cache) throws IOException {
        String name = name(product, platform);
        Path file = out.resolve(name + ARCHIVE);
        OciArchive image =
                cache == null
                        ? build.build(product, platform, file)
                        : build.build(product, platform, cache, file);
        Contents contents = build.contents(product, platform);
        contents = cache == null ? contents : contents.withCache(cache);
        Path bill = out.resolve(name + ".cdx.json");
        BillOfMaterials.write(
                checkout.root().resolve(product.billOfMaterials()), product, image, contents, bill);
        byte[] statement = provenance.of(product, platform, image, contents);
        papers(product, name, new Digest(image.digest()), statement, List.of(bill));
        return image;
    }

    /** The index of images of several platforms that were written. */
    Descriptor writeIndex(Product product, List<OciArchive> images) throws IOException {
        Path file = out.resolve(product.name() + ARCHIVE);
        Descriptor index =
                PlatformIndex.write(file, product.name() + ":" + checkout.version(), images);
        byte[] statement = provenance.of(product, file, index.digest(), images);
        papers(product, product.name(), index.digest(), statement, List.of());
        return index;
    }

    /** Takes away the index of an earlier build, which is of other images than are built now. */
    void deleteIndex(Product product) throws IOException {
        for (String end :
                List.of(
                        ARCHIVE,
                        SIGNATURES,
                        ".digest",
                        ".provenance.json",
                        ".provenance.dsse.json")) {
            Files.deleteIfExists(out.resolve(product.name() + end));
        }
    }

    private void papers(
            Product product, String name, Digest image, byte[] statement, List<Path> bills)
            throws IOException {
        Files.writeString(out.resolve(name + ".digest"), image + "\n");
        Files.write(out.resolve(name + ".provenance.json"), statement);
        if (signing.isEmpty()) {
            return;
        }
        SigningKey key = signing.get().key();
        var envelope = DsseEnvelope.sign(DsseEnvelope.IN_TOTO, statement, key);
        Files.write(out.resolve(name + ".provenance.dsse.json"), envelope.json());
        List<DsseEnvelope> statements = new ArrayList<>(List.of(envelope));
        for (Path bill : bills) {
            statements.add(
                    DsseEnvelope.sign(
                            DsseEnvelope.IN_TOTO,
                            BillOfMaterials.statement(product, image, bill),
                            key));
        }
        ImageSignatures.write(
                signatures(out.resolve(name + ARCHIVE)),
                List.of(
                        new Subject(
                                signing.get().repository() + "/" + product.name(),
                                image,
                                statements)),
                key);
    }
}
