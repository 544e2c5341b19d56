package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.RunFacts;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A load tester with a password in its environment, beside which somebody of the same user reads
 * the environment of every process that there is.
 */
class HiddenEnvironmentTest {

    private static final String SECRET = "KAFKA_PASSWORD=s3cr3t";
    private static final Path PROCESSES = Path.of("/proc");

    @Test
    void whileCommandsStartNobodyOfTheSameUserFindsThePasswordsOfTheLoadTester(
            @TempDir Path directory) throws Exception {
        assumeTrue(Files.isReadable(PROCESSES.resolve("self/environ")), "only Linux has it");
        List<String> words = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // Root may read all, and one of the same name without its rights may not.
            words.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        words.add(System.getProperty("java.class.path"));
        words.addAll(List.of(Tester.class.getName(), directory.toString()));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("KAFKA_PASSWORD", "s3cr3t");

        var process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains("commands seen: true").contains("secret seen in: []");
    }

    /** Runs commands, and reads what others of its user could. */
    static final class Tester {

        private static final int COMMANDS = 60;

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger commands = new AtomicInteger();
        private final Set<String> secrets = new ConcurrentSkipListSet<>();

        public static void main(String[] arguments) throws Exception {
            OwnEnvironment.hide();
            assertThat(OwnEnvironment.isHidden()).isTrue();
            new Tester().run(Path.of(arguments[0]));
        }

        private void run(Path directory) throws Exception {
            var limits =
                    new Limits(
                            Duration.ofMinutes(1),
                            20,
                            20,
                            200,
                            65_536,
                            Duration.ofMinutes(1),
                            Map.of("PATH", System.getenv("PATH")),
                            directory);
            Thread spy = Thread.ofPlatform().start(this::spy);
            try (var runs = new Runs(limits, InstantSource.system(), _ -> {})) {
                for (int each = 0; each < COMMANDS; each++) {
                    var task =
                            Task.of(
                                    "test",
                                    "podinfo",
                                    CommandType.BASH,
                                    Map.of("cmd", "sleep 0.01; " + each));
                    runs.ask(new Runs.Request(task, RunFacts.UNKNOWN, "", "", false, false))
                            .await();
                }
            }
            over.set(true);
            spy.join();
            System.out.println("commands seen: " + (commands.get() > 0));
            System.out.println("secret seen in: " + secrets);
        }

        private void spy() {
            Path self = PROCESSES.resolve(String.valueOf(ProcessHandle.current().pid()));
            while (!over.get()) {
                try (Stream<Path> all = Files.list(PROCESSES)) {
                    all.filter(each -> each.getFileName().toString().matches("[0-9]+"))
                            .filter(each -> !each.equals(self))
                            .forEach(this::look);
                } catch (IOException gone) {
                    throw new IllegalStateException("the list of processes is always there", gone);
                }
            }
        }

        private void look(Path process) {
            try {
                String environment = Files.readString(process.resolve("environ"));
                if (environment.contains(SECRET)) {
                    secrets.add(Files.readString(process.resolve("comm")).strip());
                }
                if (environment.contains("CANARY_NAME=podinfo")) {
                    commands.incrementAndGet();
                }
            } catch (IOException closed) {
                // Closed to others, which is as it should be, or over.
                return;
            }
        }
    }
}
