package dev.serinus.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What one JVM started is gone after that JVM was killed. */
class ReaperIT {

    /** Starts something, has it reaped, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            var sleep = new ProcessBuilder("/bin/sleep", "600").start();
            var _ = ProcessReaper.of(List.of(sleep.pid()));
            System.out.println(sleep.pid());
            sleep.waitFor();
        }
    }

    @Test
    void processesEndWithAJvmThatIsKilled() throws Exception {
        // Given
        var jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Victim.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long pid;
        try (var out = jvm.inputReader()) {
            pid = Long.parseLong(out.readLine());
        }
        var started = ProcessHandle.of(pid).orElseThrow();
        // When
        jvm.destroyForcibly();
        // Then
        assertThat(started.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    }
}
