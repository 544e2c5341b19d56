package dev.serinus.installation.pods;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container as a process, with a file system of its own in a mount namespace. */
final class ContainerProcess implements AutoCloseable {

    /** Of the machine, but for these nothing can be seen: what an image's base would have. */
    private static final List<Path> BASE = List.of(Path.of("/usr"), Path.of("/etc"));

    private static final String ROOT = "root";
    private static final Pattern HEAP_LIMIT = Pattern.compile("-XX:MaxHeapSize=([0-9]+)");

    private final String name;
    private final Process process;
    private final Path log;

    private ContainerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** One place in a container's file system. */
    record Mount(Path what, String where, boolean writable) {
        String line() {
            return "%s %s %s%n".formatted(writable ? "rw" : "ro", what, where);
        }
    }

    /** How a command gets a mount namespace: by right, or by one of its user's own. */
    static List<String> namespace() {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!isRoot()) {
            command.add("--map-root-user");
        }
        command.add("--");
        return command;
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals(ROOT);
    }

    /**
     * Starts it.
     *
     * @param work an empty folder
     * @param user the number under which it runs, where this machine's user may choose one
     */
    static ContainerProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            List<Mount> mounts,
            long user,
            Path work) {
        try (var script = ContainerProcess.class.getResourceAsStream("container.sh")) {
            if (script == null) {
                throw new IllegalStateException("container.sh is not among the resources");
            }
            Files.copy(script, work.resolve("container.sh"), StandardCopyOption.REPLACE_EXISTING);
            var lines = new StringBuilder();
            BASE.forEach(
                    folder -> lines.append(new Mount(folder, folder.toString(), false).line()));
            Path jdk = Path.of(System.getProperty("java.home"));
            if (BASE.stream().noneMatch(jdk::startsWith)) {
                lines.append(new Mount(jdk, jdk.toString(), false).line());
            }
            mounts.forEach(mount -> lines.append(mount.line()));
            Files.writeString(work.resolve("mounts"), lines, StandardCharsets.UTF_8);
            List<String> all = namespace();
            all.addAll(
                    List.of(
                            "sh",
                            work.resolve("container.sh").toString(),
                            Files.createDirectories(work.resolve(ROOT)).toString(),
                            work.resolve("mounts").toString(),
                            isRoot() ? Long.toString(user) : ""));
            all.addAll(command);
            Path log = work.resolve("log");
            var builder =
                    new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment()
                    .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
            builder.environment().put("HOME", "/");
            builder.environment().putAll(environment);
            return new ContainerProcess(name, builder.start(), log);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Waits for its end, and fails where it was none that was wanted. */
    void awaitSuccess(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
            String how = process.isAlive() ? "does not end" : "ended with " + process.exitValue();
            process.destroyForcibly();
            throw new AssertionError(name + " " + how + ":\n" + log());
        }
    }

    /** Asks it to end, as a kubelet does; true when it did so in time. */
    boolean stop(long graceSeconds) throws InterruptedException {
        process.destroy();
        if (process.waitFor(graceSeconds, TimeUnit.SECONDS)) {
            return true;
        }
        process.destroyForcibly();
        return false;
    }

    /** The memory that it has now, in bytes. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .sum()
                * 1024;
    }

    /** The most that its JVM's heap may have, in bytes, as that JVM says itself. */
    long heapLimit() throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process.pid()),
                                "VM.flags")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher limit = HEAP_LIMIT.matcher(said);
        if (jcmd.waitFor() != 0 || !limit.find()) {
            throw new AssertionError(name + " does not say how large its heap may be: " + said);
        }
        return Long.parseLong(limit.group(1));
    }

    /** The user under which it runs, and what it may do beyond others. */
    String identity() throws IOException {
        return String.join(
                " ",
                Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                        .filter(line -> line.matches("(Uid|CapEff|CapBnd|NoNewPrivs):.*"))
                        .map(line -> line.replaceAll("\\s+", " "))
                        .toList());
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
