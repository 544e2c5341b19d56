package dev.serinus.loadtester.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process in a group of its own, so that what it starts can be ended with it. Where there is no
 * {@code setsid} program the process and its descendants are taken for the group, which misses what
 * has left its parent.
 */
final class ProcessGroup {

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Process leader;
    private final boolean grouped;

    private ProcessGroup(Process leader, boolean grouped) {
        this.leader = leader;
        this.grouped = grouped;
    }

    /** Starts it with this environment and no other; output and errors come by one stream. */
    static ProcessGroup start(List<String> words, Map<String, String> environment, Path directory)
            throws IOException {
        Optional<Path> setsid = program("setsid", environment);
        List<String> all = new ArrayList<>();
        setsid.ifPresent(found -> all.add(found.toString()));
        all.addAll(words);
        var builder =
                new ProcessBuilder(all)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ProcessGroup(builder.start(), setsid.isPresent());
    }

    /** Where the PATH of this environment has a program. */
    static Optional<Path> program(String name, Map<String, String> environment) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(each -> !each.isEmpty())
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    InputStream output() {
        return leader.getInputStream();
    }

    /** Waits for the first process of it; the others may go on. False when the time is over. */
    boolean await(Duration limit) throws InterruptedException {
        return leader.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What the first process ended with; only after {@link #await}. */
    int exit() {
        return leader.exitValue();
    }

    /** Whether any process of it is left. */
    boolean isLeft() {
        return leader.isAlive() || (grouped && Posix.isLeft(leader.pid()));
    }

    /** Asks all of them to end, and ends those that have not after a short while. */
    void end() throws InterruptedException {
        List<ProcessHandle> descendants = leader.descendants().toList();
        signal(Posix.SIGTERM, descendants);
        long last = System.nanoTime() + GRACE.toNanos();
        // Not on the leader alone: a shell may end before what it has started.
        while (isAnyLeft(descendants) && System.nanoTime() < last) {
            Thread.sleep(Duration.ofMillis(20));
        }
        if (isAnyLeft(descendants)) {
            kill(descendants);
        }
    }

    /** Ends all of them at once. */
    void kill() {
        kill(leader.descendants().toList());
    }

    private void kill(List<ProcessHandle> descendants) {
        signal(Posix.SIGKILL, descendants);
        leader.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean isAnyLeft(List<ProcessHandle> descendants) {
        return isLeft() || descendants.stream().anyMatch(ProcessHandle::isAlive);
    }

    private void signal(int signal, List<ProcessHandle> descendants) {
        if (grouped && Posix.signal(leader.pid(), signal)) {
            return;
        }
        descendants.forEach(ProcessHandle::destroy);
        leader.destroy();
    }
}
