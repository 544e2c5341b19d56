package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private static String waitedFor(CountDownLatch finish) {
        try {
            finish.await();
            return "whole";
        } catch (InterruptedException _) {
            return "broken off";
        }
    }
}
