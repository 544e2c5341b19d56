package dev.serinus.images;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Images as files, with their papers beside them: digest, bill of materials, provenance.
 */
final class ImageFiles {

    private static final String ARCHIVE = ".tar";

    private final ImageBuild build;
    private final Checkout checkout;
    private final Provenance provenance;
    private final Path out;

    /**
     * @param out where they are written
     */
    ImageFiles(
            ImageBuild build,
            Checkout checkout,
            Provenance provenance,
            Path out) {
        this.build = build;
        this.checkout = checkout;
        this.provenance = provenance;
        this.out = out;
    }

    /** The files of an image that is named so, such as {@code serinus-linux-arm64}. */
    static String name(Product product, String platform) {
        return "%s-linux-%s".formatted(product.name(), Platforms.architecture(platform));
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
        papers(name, new Digest(image.digest()), statement);
        return image;
    }

    /** The index of images of several platforms that were written. */
    Descriptor writeIndex(Product product, List<OciArchive> images) throws IOException {
        Path file = out.resolve(product.name() + ARCHIVE);
        Descriptor index =
                PlatformIndex.write(file, product.name() + ":" + checkout.version(), images);
        byte[] statement = provenance.of(product, file, index.digest(), images);
        papers(product.name(), index.digest(), statement);
        return index;
    }

    private void papers(String name, Digest image, byte[] statement) throws IOException {
        Files.writeString(out.resolve(name + ".digest"), image + "\n");
        Files.write(out.resolve(name + ".provenance.json"), statement);
    }
}
