package dev.serinus.testbed;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Ends processes when this JVM is gone, however it went: a shell that waits for the end of a pipe
 * whose other end only this JVM holds. A shutdown hook would not run when the JVM is killed.
 */
public final class ProcessReaper {

    /** Held, since the pipe would be closed with the object that nobody holds. */
    private static final Set<ProcessReaper> AT_WORK = ConcurrentHashMap.newKeySet();

    private final Process shell;

    private ProcessReaper(Process shell) {
        this.shell = shell;
    }

    /** Has these processes ended with this JVM. */
    public static ProcessReaper of(List<Long> pids) {
        String all = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        try {
            var reaper =
                    new ProcessReaper(
                            new ProcessBuilder(
                                            "/bin/sh",
                                            "-c",
                                            // Ctrl-C goes to it too, and would end it too early.
                                            "trap '' INT TERM HUP; read _; kill -9 " + all)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                                    .start());
            AT_WORK.add(reaper);
            return reaper;
        } catch (IOException trouble) {
            throw new Unavailable("nobody would end the control plane: " + trouble.getMessage());
        }
    }

    /** Its processes are ended by somebody else; their ids may become others'. */
    public void dismiss() {
        shell.destroyForcibly();
        AT_WORK.remove(this);
    }
}
