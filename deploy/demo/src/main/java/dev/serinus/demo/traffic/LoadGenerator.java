package dev.serinus.demo.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The users: a steady number of requests per second to one address. When answers do not come, it
 * holds back rather than piling up requests.
 */
public final class LoadGenerator implements AutoCloseable {

    private static final int IN_FLIGHT = 64;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private final HttpRequest request;
    private final AnswerCounts tally;
    private final Semaphore places = new Semaphore(IN_FLIGHT);
    private final ExecutorService users = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService pace =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("load").factory());

    private LoadGenerator(URI target, Map<String, String> headers, AnswerCounts tally) {
        var asked = HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(5));
        headers.forEach(asked::header);
        this.request = asked.build();
        this.tally = tally;
    }

    /** Sends {@code perSecond} requests each second until it is closed. */
    public static LoadGenerator start(
            URI target, Map<String, String> headers, int perSecond, AnswerCounts tally) {
        var load = new LoadGenerator(target, headers, tally);
        var _ =
                load.pace.scheduleAtFixedRate(
                        load::send,
                        0,
                        TimeUnit.SECONDS.toMicros(1) / perSecond,
                        TimeUnit.MICROSECONDS);
        return load;
    }

    private void send() {
        if (places.tryAcquire()) {
            users.execute(
                    () -> {
                        try {
                            ask();
                        } finally {
                            places.release();
                        }
                    });
        }
    }

    private void ask() {
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.discarding());
            tally.count(
                    answer.headers().firstValue("X-Version").orElse(AnswerCounts.NOBODY),
                    answer.statusCode() < 500);
        } catch (IOException noAnswer) {
            tally.count(AnswerCounts.NOBODY, false);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        pace.shutdownNow();
        users.close();
        http.close();
    }
}
