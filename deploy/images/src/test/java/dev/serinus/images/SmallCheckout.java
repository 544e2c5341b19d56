package dev.serinus.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A checkout with small jars in the places of ours. */
final class SmallCheckout {

    private static final Path OURS = Path.of(System.getProperty("user.dir"), "../..").normalize();

    private SmallCheckout() {}

    /** Each product with a library of its own, one of all, and one of ours. */
    static Checkout in(Path root) throws IOException {
        for (Product product : Product.ALL) {
            String module = String.valueOf(product.module().getFileName());
            Path libraries = Files.createDirectories(root.resolve(product.libraries()));
            jar(root.resolve(product.jar()), module, "dev.serinus");
            jar(libraries.resolve("schemas.jar"), "schemas", "dev.serinus");
            jar(libraries.resolve("shared.jar"), "shared", "org.example");
            jar(
                    libraries.resolve(module.replace("-service", "") + "-only.jar"),
                    module,
                    "org.example");
            Files.writeString(
                    root.resolve(product.billOfMaterials()),
                    "{\"metadata\": {\"component\": {\"name\": \"%s\"}}}".formatted(module));
            if (product.programs() != null) {
                Path programs = root.resolve(product.programs());
                Files.createDirectories(programs.resolve("..").normalize());
                Files.writeString(programs, "# none\n");
            }
            Path options = root.resolve(product.options());
            Files.createDirectories(options.resolve("..").normalize());
            Files.copy(
                    OURS.resolve(product.options()), options, StandardCopyOption.REPLACE_EXISTING);
        }
        return new Checkout(root);
    }

    /** An image with this file alone in it, as a tar in this folder: a base of images. */
    static Path base(Path root, Path file) throws Exception {
        Path base = root.resolve("base.tar");
        Path cache = root.resolve("base-cache");
        Jib.fromScratch()
                .addLayer(List.of(file), AbsoluteUnixPath.get("/etc/"))
                .containerize(
                        Containerizer.to(TarImage.at(base).named("base"))
                                .setBaseImageLayersCache(cache)
                                .setApplicationLayersCache(cache));
        return base;
    }

    private static void jar(Path file, String name, String group) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "test." + name);
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (String entry :
                    List.of(
                            "META-INF/MANIFEST.MF",
                            "META-INF/maven/%s/%s/pom.xml".formatted(group, name))) {
                var at = new ZipEntry(entry);
                at.setTime(0);
                jar.putNextEntry(at);
                if (entry.endsWith(".MF")) {
                    manifest.write(jar);
                }
                jar.closeEntry();
            }
        }
    }
}
