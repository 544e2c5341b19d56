package dev.serinus.installation.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.installation.HelmProgram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The helm command, with nothing of its user's own settings. */
public final class Helm {

    /** The chart as it lies in the tree. */
    public static final Path CHART = Path.of("../../helm/serinus").toAbsolutePath().normalize();

    private static final long PATIENCE = 180;

    /**
     * What became of a command.
     *
     * @param out what it printed, its complaints included
     */
    public record Outcome(int code, String out) {

        /** What it printed; fails where the command did. */
        public String orFail() {
            if (code != 0) {
                throw new AssertionError("helm ended with " + code + ":\n" + out);
            }
            return out;
        }
    }

    private Helm() {}

    /** Runs a command to its end. */
    public static Outcome run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(HelmProgram.find().orElseThrow().path().toString());
        command.addAll(List.of(arguments));
        try {
            Path home = Files.createTempDirectory("serinus-helm-");
            Path out = home.resolve("out");
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile());
            for (String kind : List.of("CACHE", "CONFIG", "DATA")) {
                builder.environment().put("HELM_" + kind + "_HOME", home.toString());
            }
            builder.environment().remove("KUBECONFIG");
            Process process = builder.start();
            try {
                if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            "helm does not end; it said:\n" + Files.readString(out, UTF_8));
                }
                return new Outcome(process.exitValue(), Files.readString(out, UTF_8));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }
}
