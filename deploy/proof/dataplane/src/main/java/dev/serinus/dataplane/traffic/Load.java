package dev.serinus.dataplane.traffic;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Clients of one host that take turns, so many requests each second in all. None asks before its
 * last request was answered for by somebody else; where answers do not come, requests are held back
 * rather than piled up.
 */
public final class Load implements AutoCloseable {

    private static final int IN_FLIGHT = 64;

    /** What is led nowhere is never answered; what a busy machine answers late did not fail. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * One client.
     *
     * @param headers that it sends
     * @param keepsCookies as browsers do
     */
    public record Client(Map<String, String> headers, boolean keepsCookies) {

        /** One that sends nothing special and keeps nothing. */
        public static final Client PLAIN = new Client(Map.of(), false);

        public Client {
            headers = Map.copyOf(headers);
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private final URI target;
    private final String host;
    private final List<Client> clients;
    private final Map<Integer, Map<String, String>> jars = new ConcurrentHashMap<>();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Semaphore places = new Semaphore(IN_FLIGHT);
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService pace =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("load").factory());
    private int next;

    private Load(URI target, String host, List<Client> clients) {
        this.target = target;
        this.host = host;
        this.clients = List.copyOf(clients);
    }

    /** Asks this host behind a proxy until it is closed. */
    public static Load start(URI proxy, String host, List<Client> clients, int perSecond) {
        var load = new Load(proxy, host, clients);
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
            int client = next;
            next = (next + 1) % clients.size();
            asking.execute(
                    () -> {
                        try {
                            answers.add(ask(client));
                        } catch (InterruptedException closing) {
                            Thread.currentThread().interrupt();
                        } finally {
                            places.release();
                        }
                    });
        }
    }

    private Answer ask(int client) throws InterruptedException {
        long sent = System.nanoTime();
        try {
            var answer = http.send(request(client), HttpResponse.BodyHandlers.ofString());
            List<String> cookies = answer.headers().allValues("Set-Cookie");
            if (clients.get(client).keepsCookies()) {
                cookies.forEach(cookie -> keep(client, cookie));
            }
            return new Answer(
                    sent,
                    System.nanoTime(),
                    client,
                    answer.statusCode(),
                    answer.headers().firstValue("X-Pod").orElse(""),
                    answer.headers().firstValue("X-Version").orElse(""),
                    cookies,
                    answer.statusCode() == 200
                            ? ""
                            : "%d: %s".formatted(answer.statusCode(), answer.body().strip()));
        } catch (IOException noAnswer) {
            return new Answer(
                    sent, System.nanoTime(), client, 0, "", "", List.of(), noAnswer.toString());
        }
    }

    private HttpRequest request(int client) {
        var request = HttpRequest.newBuilder(target).header("Host", host).timeout(PATIENCE);
        clients.get(client).headers().forEach(request::header);
        var jar = jars.getOrDefault(client, Map.of());
        if (!jar.isEmpty()) {
            request.header(
                    "Cookie",
                    String.join(
                            "; ",
                            jar.entrySet().stream()
                                    .map(it -> it.getKey() + "=" + it.getValue())
                                    .toList()));
        }
        return request.build();
    }

    private void keep(int client, String cookie) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        var jar = jars.computeIfAbsent(client, _ -> new ConcurrentHashMap<>());
        if (pair.length < 2 || cookie.contains("Max-Age=0") || cookie.contains("Max-Age=-1")) {
            jar.remove(pair[0]);
        } else {
            jar.put(pair[0], pair[1]);
        }
    }

    /** All answers so far. */
    public List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Waits for an answer that fits, among those that come from now on. */
    public boolean await(Predicate<Answer> fits, Duration patience) throws InterruptedException {
        long from = System.nanoTime();
        while (System.nanoTime() - from < patience.toNanos()) {
            if (answers.stream().anyMatch(it -> it.sent() >= from && fits.test(it))) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    /** Sends no more, and waits for the last answers. */
    @Override
    public void close() {
        pace.shutdownNow();
        asking.close();
        http.close();
    }
}
