package dev.serinus.installation.pods;

import dev.serinus.installation.chart.Helm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What will be in the images, laid out as deploy/images says, from what was just built. */
final class Images {

    private static final Path ROOT = Helm.CHART.resolve("../../..").normalize();
    private static final Path OPTIONS = ROOT.resolve("deploy/images");

    /**
     * An image's own folder.
     *
     * @param app the jar that it is about, and the JVM's options beside it
     * @param libraries of that jar
     */
    record Layout(Path app, Path options, Path libraries) {}

    private Images() {}

    /** The entry point, as the images will have it. */
    static List<String> entryPoint() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@/opt/serinus/java.options");
    }

    /**
     * @param image such as {@code registry.example/serinus-watcher:0.1.0}
     * @param work an empty folder
     */
    static Layout layout(String image, Path work) throws IOException {
        String name = image.substring(image.lastIndexOf('/') + 1).replaceFirst(":.*", "");
        String service = name.startsWith("serinus-") ? name.substring("serinus-".length()) : "";
        Path target =
                ROOT.resolve(service.isEmpty() ? "deploy/cli/target" : service + "-service/target");
        Path jar = target.resolve(service.isEmpty() ? "cli.jar" : service + "-service.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "image %s would hold %s, which was not built: these tests run in mvn verify"
                            .formatted(image, jar));
        }
        Path app = Files.createDirectories(work.resolve("app"));
        Files.copy(jar, app.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        Path options = work.resolve("java.options");
        Files.writeString(
                options,
                service.isEmpty()
                        ? Files.readString(OPTIONS.resolve("all-in-one.options"))
                        : Files.readString(OPTIONS.resolve("service.options"))
                                + "dev.serinus."
                                + service
                                + ".Application\n");
        return new Layout(app, options, target.resolve("lib"));
    }
}
