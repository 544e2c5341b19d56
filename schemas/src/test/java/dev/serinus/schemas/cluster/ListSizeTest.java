package dev.serinus.schemas.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whoever may create objects must not be able to fill the memory of whoever lists them. */
class ListSizeTest {

    private static final Pattern LIMIT = Pattern.compile("[?&]limit=(\\d+)");
    private static final Pattern CONTINUE = Pattern.compile("[?&]continue=(\\d+)");
    private static final int MEGABYTE = 1024 * 1024;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Integer> limits = new CopyOnWriteArrayList<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();

    /** Bytes of the data of an object, by its place in the list. */
    private volatile IntUnaryOperator sizes = _ -> 0;

    private volatile int objects;

    /** Its data is nested so deeply. */
    private volatile int depthOfTheThird;

    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private KubernetesClient client;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                                        .withMasterUrl(
                                                "http://127.0.0.1:" + server.getAddress().getPort())
                                        .build())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        var limit = LIMIT.matcher("?" + query);
        try (exchange) {
            if (!limit.find()) {
                exchange.sendResponseHeaders(503, -1); // its watch is not what this is about
                return;
            }
            String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
            var from = CONTINUE.matcher("?" + query);
            int begin = from.find() ? Integer.parseInt(from.group(1)) : 0;
            int end = Math.min(objects, begin + Integer.parseInt(limit.group(1)));
            limits.add(Integer.parseInt(limit.group(1)));
            accepted.add(accept);
            byte[] body = page(begin, end, accept.contains("PartialObjectMetadata"));
            sent.addAndGet(body.length);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private byte[] page(int begin, int end, boolean metadataOnly) {
        String items =
                IntStream.range(begin, end)
                        .mapToObj(i -> object(i, metadataOnly))
                        .collect(Collectors.joining(","));
        if (objects == 0 && metadataOnly) {
            items = null; // as the API server does
        }
        String next = end < objects ? ",\"continue\":\"" + end + "\"" : "";
        return ("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"999\""
                        + next
                        + "},\"items\":"
                        + (items == null ? null : "[" + items + "]")
                        + "}")
                .getBytes(UTF_8);
    }

    private String object(int place, boolean metadataOnly) {
        String data = ",\"data\":{\"k\":\"" + "x".repeat(sizes.applyAsInt(place)) + "\"}";
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"c-"
                + place
                + "\",\"resourceVersion\":\""
                + (place + 1)
                + "\"}"
                + (metadataOnly ? "" : data)
                + (place == 2 ? nested(depthOfTheThird) : "")
                + "}";
    }

    private static String nested(int depth) {
        return ",\"deep\":[" + "[".repeat(depth) + "]".repeat(depth) + "]";
    }

    @Test
    void twoHundredAndFiftyConfigsOfAMegabyteAreListedByTheirMetadata() {
        objects = 250;
        sizes = _ -> MEGABYTE;
        try (var watch = metadata()) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(250);
            assertThat(watch.get("shop", "c-7").map(Observed::value)).contains("8");
            assertThat(sent.get()).isLessThan(MEGABYTE);
            assertThat(accepted)
                    .allMatch(
                            accept ->
                                    accept.startsWith(
                                            "application/json;as=PartialObjectMetadataList;"));
        }
    }

    @Test
    void aNamespaceWithoutAnyIsAListThatWasReadWhole() {
        objects = 0;
        try (var watch = metadata()) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::hasSynced);

            assertThat(watch.all()).isEmpty();
        }
    }

    @Test
    void pagesGrowWhileObjectsAreSmall() {
        objects = 600;
        try (var watch = whole()) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(600);
            assertThat(limits).containsExactly(20, 40, 80, 160, 250, 250);
        }
    }

    @Test
    void largeObjectsAfterManySmallOnesAreReadInSmallPages() {
        objects = 190;
        sizes = i -> i < 150 ? 10 : 3 * MEGABYTE / 2;
        try (var watch = whole()) {
            watch.start();
            await().atMost(Duration.ofSeconds(60)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(190);
            assertThat(limits.subList(0, 4)).containsExactly(20, 40, 80, 160);
            assertThat(limits.subList(4, limits.size())).allMatch(limit -> limit <= 20);
        }
    }

    @Test
    void objectsOfWhichAFewWouldFillAPageAreReadOneByOne() {
        objects = 40;
        sizes = i -> i < 30 ? 10 : 6 * MEGABYTE;
        try (var watch = whole()) {
            watch.start();
            await().atMost(Duration.ofSeconds(60)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(40);
        }
    }

    @Test
    void noPageIsReadThatWouldFillTheMemoryAsObjects() {
        objects = 20;
        sizes = _ -> 3 * MEGABYTE / 2;
        try (var watch = whole()) {
            watch.start();
            await().atMost(Duration.ofSeconds(60)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(20);
            assertThat(limits).containsSequence(20, 5);
            assertThat(limits.subList(1, limits.size())).allMatch(limit -> limit <= 5);
        }
    }

    @Test
    void anObjectThatIsNestedTooDeeplyToBeReadHidesNoOther() {
        objects = 5;
        depthOfTheThird = 9_000;
        try (var watch =
                ResourceWatch.of(
                        client,
                        Kind.CONFIG_MAP.context(),
                        null,
                        object ->
                                client.getKubernetesSerialization()
                                        .convertValue(object, ObjectNode.class)
                                        .path("kind")
                                        .asText())) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::hasSynced);

            assertThat(watch.all()).extracting(Observed::name).contains("c-0", "c-1", "c-3", "c-4");
        }
    }

    @Test
    void anObjectThatOverflowsTheStackOfWhoReadsItHidesNoOther() {
        objects = 5;
        try (var watch =
                ResourceWatch.of(
                        client,
                        Kind.CONFIG_MAP.context(),
                        null,
                        object -> {
                            if (object.getMetadata().getName().equals("c-2")) {
                                throw new StackOverflowError();
                            }
                            return object.getMetadata().getName();
                        })) {
            watch.start();
            await().atMost(Duration.ofSeconds(20)).until(watch::hasSynced);

            assertThat(watch.all()).hasSize(4);
            assertThat(watch.isAbsent("shop", "c-2")).as("it is there, and unread").isFalse();
            assertThat(watch.isAbsent("shop", "c-9")).isTrue();
        }
    }

    private ResourceWatch<String> metadata() {
        return ResourceWatch.ofMetadata(
                _ -> true,
                client,
                Kind.CONFIG_MAP.context(),
                null,
                object -> object.getMetadata().getResourceVersion());
    }

    private ResourceWatch<String> whole() {
        return ResourceWatch.of(
                client,
                Kind.CONFIG_MAP.context(),
                null,
                object -> object.getMetadata().getResourceVersion());
    }
}
