package dev.serinus.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs an unpacked image as a pod does, and without privileges: by bubblewrap, as user 10001 with
 * no capability, its files read-only, the entry point as process 1 of its own. What it has of the
 * machine is the network.
 */
final class Sandbox implements AutoCloseable {

    /** Where a process in it finds the file that it was given. */
    static final String GIVEN = "/tmp/given";

    private static final String EMULATOR = "/tmp/emulator";

    /** The only other folder that it may write to and that outlives the process. */
    static final String STATE = "/var/lib/serinus";

    private static final int USER = 10_001;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> ALONE =
            List.of(
                    "bwrap",
                    "--unshare-user",
                    "--uid",
                    Integer.toString(USER),
                    "--gid",
                    Integer.toString(USER),
                    "--unshare-pid",
                    "--unshare-ipc",
                    "--unshare-uts",
                    "--as-pid-1",
                    "--die-with-parent",
                    "--new-session",
                    "--cap-drop",
                    "ALL");

    private final OciArchive image;
    private final Optional<Path> emulator;
    private final Path folder;
    private final Path root;
    private final Path state;
    private final Path trained;
    private final List<Process> started = new ArrayList<>();

    Sandbox(OciArchive image) throws IOException {
        this(image, Optional.empty());
    }

    /**
     * @param emulator of the machine that the image is for, one file that needs no other: such as
     *     {@code qemu-aarch64-static}
     */
    Sandbox(OciArchive image, Optional<Path> emulator) throws IOException {
        this.image = image;
        this.emulator = emulator;
        folder = Files.createTempDirectory("serinus-image-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectories(folder.resolve("root"));
        state = Files.createDirectories(folder.resolve("state"));
        trained = folder.resolve("trained");
        image.unpack(root);
        // What every container runtime mounts there.
        Files.createDirectories(root.resolve("proc"));
        Files.createDirectories(root.resolve("dev"));
        giveToUser(state);
    }

    private static void giveToUser(Path directory) throws IOException {
        if (isRoot()) {
            Files.setAttribute(directory, "unix:uid", USER);
            Files.setAttribute(directory, "unix:gid", USER);
        }
    }

    /** Why nothing can be run here; empty when it can. */
    static Optional<String> hindrance() {
        List<String> command = new ArrayList<>(unprivileged());
        command.addAll(ALONE);
        command.addAll(List.of("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"));
        try {
            Process probe = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(probe.getInputStream().readAllBytes(), UTF_8);
            return probe.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of("bubblewrap cannot make namespaces here: " + said.strip());
        } catch (IOException missing) {
            return Optional.of("bubblewrap is not installed: " + missing.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Root gives up being root, so that all is done by a user who may do nothing. */
    private static List<String> unprivileged() {
        return isRoot()
                ? List.of(
                        "setpriv",
                        "--reuid",
                        Integer.toString(USER),
                        "--regid",
                        Integer.toString(USER),
                        "--clear-groups",
                        "--no-new-privs")
                : List.of();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path root() {
        return root;
    }

    /**
     * Starts its entry point.
     *
     * @param given a file that is mounted at {@code /tmp/given}, or one that is not there
     * @param environment besides the image's own
     */
    Process start(Path given, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = mounts(given);
        variables(command, environment);
        entryPoint().forEach(command::add);
        command.addAll(List.of(arguments));
        return run(command);
    }

    /**
     * Starts its entry point so that the JVM writes its ahead-of-time cache as it ends, with the
     * paths that everything has in the image.
     *
     * @param cache where it is in the image, in a folder that nothing else is in; only here can
     *     that folder be written to
     */
    Process train(String cache, Path given, Map<String, String> environment, List<String> arguments)
            throws IOException {
        String inImage = cache.substring(0, cache.lastIndexOf('/'));
        Files.createDirectories(root.resolve(inImage.substring(1)));
        giveToUser(Files.createDirectories(trained));
        List<String> command = mounts(given);
        command.addAll(List.of("--bind", trained.toString(), inImage));
        variables(command, environment);
        List<String> entryPoint = entryPoint();
        command.add(entryPoint.getFirst());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(entryPoint.subList(1, entryPoint.size()));
        command.addAll(arguments);
        return run(command);
    }

    private List<String> mounts(Path given) throws IOException {
        List<String> command = new ArrayList<>(unprivileged());
        command.addAll(ALONE);
        command.addAll(List.of("--ro-bind", root.toString(), "/"));
        command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"));
        command.addAll(List.of("--bind", state.toString(), STATE));
        if (Files.exists(given)) {
            mount(command, given, "rw-r--r--", GIVEN);
        }
        if (emulator.isPresent()) {
            mount(command, emulator.get(), "rwxr-xr-x", EMULATOR);
        }
        return command;
    }

    /** A copy, since its user may not reach the file where it lies. */
    private void mount(List<String> command, Path file, String permissions, String at)
            throws IOException {
        Path copy = Files.copy(file, folder.resolve(at.substring(at.lastIndexOf('/') + 1)));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(permissions));
        command.addAll(List.of("--ro-bind", copy.toString(), at));
    }

    private void variables(List<String> command, Map<String, String> environment) {
        command.add("--clearenv");
        image.config()
                .path("config")
                .path("Env")
                .forEach(each -> set(command, each.asText().split("=", 2)));
        environment.forEach((name, value) -> set(command, name, value));
    }

    private List<String> entryPoint() {
        List<String> words = new ArrayList<>();
        image.config().path("config").path("Entrypoint").forEach(each -> words.add(each.asText()));
        if (emulator.isPresent()) {
            // The kernel starts programs of this machine only, and the emulator searches no PATH.
            words.set(0, JavaRuntime.HOME + "/bin/" + words.getFirst());
            words.addFirst(EMULATOR);
        }
        return words;
    }

    private Process run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile())
                        .start();
        started.add(process);
        return process;
    }

    /** What a JVM that was trained wrote under this name; it is gone when this is closed. */
    Path trained(String name) {
        return trained.resolve(name);
    }

    private static void set(List<String> command, String... variable) {
        command.add("--setenv");
        command.addAll(List.of(variable));
    }

    Path log() {
        return folder.resolve("log");
    }

    String output() {
        try {
            return Files.readString(log());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Tells process 1 to end, as a kubelet does, and returns the exit code of the container. */
    int stop(Process container) throws InterruptedException {
        return stop(container, PATIENCE);
    }

    /**
     * The same.
     *
     * @throws IllegalStateException if it has ended before, or takes longer
     */
    int stop(Process container, Duration patience) throws InterruptedException {
        container
                .descendants()
                .reduce((_, last) -> last)
                .orElseThrow(() -> new IllegalStateException("it has ended: " + output()))
                .destroy();
        return exit(container, patience);
    }

    int exit(Process container) throws InterruptedException {
        return exit(container, PATIENCE);
    }

    private int exit(Process container, Duration patience) throws InterruptedException {
        if (!container.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end: " + output());
        }
        return container.exitValue();
    }

    @Override
    public void close() throws IOException {
        started.forEach(each -> each.descendants().forEach(ProcessHandle::destroyForcibly));
        started.forEach(Process::destroyForcibly);
        for (Process each : started) {
            each.onExit().join();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(each);
                }
            }
        }
    }
}
