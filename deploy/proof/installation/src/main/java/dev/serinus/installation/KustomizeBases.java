package dev.serinus.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The bases of {@code deploy/kustomize}: the chart, rendered with the values beside each. */
public final class KustomizeBases {

    /** What is rendered into a base's folder. */
    public static final String FILE = "serinus.yaml";

    /** They say by whom an object is managed, which is kustomize here. */
    private static final List<String> LABELS_OF_HELM =
            List.of("helm.sh/chart:", "app.kubernetes.io/managed-by:");

    private final Path deploy;
    private final HelmProgram helm;

    /**
     * @param deploy the folder of that name
     */
    public KustomizeBases(Path deploy, HelmProgram helm) {
        this.deploy = deploy;
        this.helm = helm;
    }

    /** Their folders, in order. */
    public List<Path> folders() throws IOException {
        try (var all = Files.list(deploy.resolve("kustomize/base"))) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** What {@link #FILE} of this folder has to be. */
    public String rendered(Path folder) throws InterruptedException {
        try {
            Path out = Files.createTempFile("serinus-kustomize-", ".yaml");
            Path trouble = Files.createTempFile("serinus-kustomize-", ".err");
            try {
                Process process =
                        new ProcessBuilder(
                                        helm.path().toString(),
                                        "template",
                                        "serinus",
                                        deploy.resolve("helm/serinus").toString(),
                                        "--namespace=serinus",
                                        "--values=" + folder.resolve("values.yaml"),
                                        // They are a base of their own.
                                        "--set=crd.create=false")
                                .redirectOutput(out.toFile())
                                .redirectError(trouble.toFile())
                                .start();
                if (process.waitFor() != 0) {
                    throw new IllegalStateException(
                            "helm cannot render %s: %s"
                                    .formatted(folder, Files.readString(trouble, UTF_8)));
                }
                return Files.readString(out, UTF_8)
                        .lines()
                        .filter(line -> LABELS_OF_HELM.stream().noneMatch(line.strip()::startsWith))
                        .collect(Collectors.joining("\n", "", "\n"));
            } finally {
                Files.delete(out);
                Files.delete(trouble);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
