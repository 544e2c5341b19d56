package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serinus.conformance.run.World;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class ShellTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Shell shell =
            new Shell(Path.of("kubectl"), Path.of("/k.yaml"), "shop", "http://sink/shop");

    @Test
    void aScriptFindsKubectlTheNamespaceAndTheServer() throws Exception {
        assertThat(shell.run("echo $K; echo $NS $SINK >&2; exit 3", PATIENCE))
                .isEqualTo("kubectl --kubeconfig /k.yaml -n shop\nshop http://sink/shop\n");
    }

    @Test
    void oneThatTakesTooLongIsEnded() {
        assertThatThrownBy(() -> shell.run("sleep 60", Duration.ofMillis(50)))
                .isInstanceOf(World.Refused.class)
                .hasMessage("a script takes longer than 0 s: sleep 60");
    }

    @Test
    void workInTheBackgroundEndsWithAllThatItBegan(@TempDir Path folder) throws Exception {
        // Given
        Path pids = folder.resolve("pids");
        var work = shell.begin("sleep 600 & echo $! $$ > %s; wait".formatted(pids));
        await().atMost(PATIENCE).until(() -> Files.exists(pids) && Files.size(pids) > 2);
        String[] begun = Files.readString(pids).strip().split(" ");
        // When
        work.close();
        // Then
        for (String pid : begun) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    ProcessHandle.of(Long.parseLong(pid))
                                            .filter(ProcessHandle::isAlive)
                                            .isEmpty());
        }
    }
}
