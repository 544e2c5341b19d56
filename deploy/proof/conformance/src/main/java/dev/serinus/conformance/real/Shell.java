package dev.serinus.conformance.real;

import dev.serinus.conformance.run.World;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs bash scripts as somebody with kubectl would. They find it as {@code $K}, set to the
 * scenario's namespace, which is {@code $NS}; {@code $SINK} is where the fake server answers for
 * it.
 */
final class Shell {

    private final Map<String, String> variables;

    Shell(Path kubectl, Path kubeconfig, String namespace, String sink) {
        variables =
                Map.of(
                        "K",
                        "%s --kubeconfig %s -n %s".formatted(kubectl, kubeconfig, namespace),
                        "NS",
                        namespace,
                        "SINK",
                        sink);
    }

    /** The kubectl of this machine, if it has one. */
    static Optional<Path> kubectl() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns all that the script said until its end; one that takes longer is ended. */
    String run(String script, Duration limit) throws InterruptedException {
        try {
            Path said = Files.createTempFile("serinus-script-", ".txt");
            Process process = start(script, ProcessBuilder.Redirect.to(said.toFile()));
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new World.Refused(
                            "a script takes longer than %d s: %s"
                                    .formatted(limit.toSeconds(), script));
                }
                return Files.readString(said);
            } finally {
                end(process);
                Files.delete(said);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot run bash", trouble);
        }
    }

    /** Begins the script; what it says is lost. */
    World.Work begin(String script) {
        try {
            Process process = start(script, ProcessBuilder.Redirect.DISCARD);
            return () -> end(process);
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot run bash", trouble);
        }
    }

    private Process start(String script, ProcessBuilder.Redirect output) throws IOException {
        var builder =
                new ProcessBuilder("bash", "-c", script)
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(output);
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** The script first, so that it begins nothing new. */
    private static void end(Process process) {
        var begun = process.descendants().toList();
        process.destroy();
        begun.forEach(ProcessHandle::destroy);
    }
}
