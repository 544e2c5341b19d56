package dev.serinus.testbed.binaries;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Go of this machine. */
public final class Go {

    private static final Pattern VERSION = Pattern.compile("go(\\d+)\\.(\\d+).*");

    private final Path program;

    private Go(Path program) {
        this.program = program;
    }

    /**
     * The first one that is new enough for a module.
     *
     * @param version such as 1.26.0
     * @throws Unbuildable that says what is missing
     */
    public static Go need(String version) {
        List<String> older = new ArrayList<>();
        for (Path program : candidates()) {
            var go = new Go(program);
            String found = go.version();
            if (isAtLeast(found, "go" + version)) {
                return go;
            }
            older.add(program + " is " + found);
        }
        throw new Unbuildable(
                "this is built from source with Go %s or newer, and %s"
                        .formatted(
                                version,
                                older.isEmpty()
                                        ? "there is no Go on this machine: https://go.dev/dl/,"
                                                + " Debian: golang, macOS: brew install go"
                                        : String.join(", ", older)));
    }

    /** On the PATH, and where Go's own packages put it. */
    private static List<Path> candidates() {
        String path = System.getenv("PATH");
        return Stream.concat(
                        Arrays.stream((path == null ? "" : path).split(File.pathSeparator))
                                .filter(folder -> !folder.isEmpty()),
                        Stream.of("/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin"))
                .map(folder -> Path.of(folder, "go"))
                .filter(Files::isExecutable)
                .distinct()
                .toList();
    }

    private String version() {
        try {
            return output(Path.of(System.getProperty("java.io.tmpdir")), "env", "GOVERSION");
        } catch (IOException | Unbuildable broken) {
            return "no program that runs";
        }
    }

    /** Compares major and minor versions; what is no version is too old. */
    static boolean isAtLeast(String found, String wanted) {
        var have = VERSION.matcher(found);
        var want = VERSION.matcher(wanted);
        if (!have.matches() || !want.matches()) {
            return false;
        }
        int major = Integer.compare(number(have.group(1)), number(want.group(1)));
        return major > 0 || (major == 0 && number(have.group(2)) >= number(want.group(2)));
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    /** What a command prints. */
    public String output(Path directory, String... arguments) throws IOException {
        Path out = Files.createTempFile("serinus-go", ".out");
        try {
            run(directory, ProcessBuilder.Redirect.to(out.toFile()), arguments);
            return Files.readString(out).strip();
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /**
     * Copies files out of a module.
     *
     * @param directory with a go.mod that requires it
     * @param files by their paths in the module
     */
    public void take(Path directory, String module, List<String> files, Path to)
            throws IOException {
        String about = output(directory, "mod", "download", "-json", module);
        Path root = Path.of(new ObjectMapper().readTree(about).path("Dir").asText());
        for (String file : files) {
            // Go keeps its modules read-only; these are ours to delete.
            Files.write(
                    to.resolve(Path.of(file).getFileName()),
                    Files.readAllBytes(root.resolve(file)));
        }
    }

    /** Runs a command to its end; its trouble is told with the end of what it said. */
    public void run(Path directory, ProcessBuilder.Redirect output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("serinus-go", ".err");
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectOutput(output)
                            .redirectError(errors.toFile());
            // Nothing that is set for other projects may change what is built here.
            builder.environment().put("GOFLAGS", "-mod=readonly -buildvcs=false");
            builder.environment().put("GOWORK", "off");
            Process process = builder.start();
            try {
                if (process.waitFor() != 0) {
                    String said = Files.readString(errors, UTF_8).strip();
                    throw new Unbuildable(
                            "%s failed:%n%s"
                                    .formatted(
                                            String.join(" ", command),
                                            said.substring(Math.max(0, said.length() - 2000))));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Unbuildable("interrupted");
            } finally {
                process.destroy();
            }
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
