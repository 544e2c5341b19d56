package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class TerminationTest {

    @Test
    void aSignalTakesEffectOnceTheWorkIsDone() throws Exception {
        var begun = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var outcome = new CompletableFuture<List<Object>>();
        var caller =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    String result =
                                            Termination.afterwards(
                                                    () -> {
                                                        begun.countDown();
                                                        return waitedFor(finish);
                                                    });
                                    outcome.complete(List.of(result, Thread.interrupted()));
                                });
        begun.await();
        caller.interrupt();
        finish.countDown();

        assertThat(outcome.get(30, TimeUnit.SECONDS)).containsExactly("whole", true);
    }

    @Test
    void whatTheWorkRefusesIsRefused() {
        assertThatThrownBy(
                        () ->
                                Termination.afterwards(
                                        () -> {
                                            throw new Refused(List.of("a port is taken"));
                                        }))
                .isInstanceOf(Refused.class)
                .hasMessage("a port is taken");
    }

    @Test
    void whatHasEndedIsNotStoppedOnceMore() throws Exception {
        Process process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "events",
                                "--data",
                                "/nowhere")
                        .redirectErrorStream(true)
                        .start();
        String told = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(told).contains("no Serinus runs").doesNotContain("stopping");
    }

    private static String waitedFor(CountDownLatch finish) {
        try {
            finish.await();
            return "whole";
        } catch (InterruptedException _) {
            return "broken off";
        }
    }
}
