package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Watched;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows what recordings hold, in all namespaces at once, and tells each to its recorder. */
final class Watches implements AutoCloseable {

    private static final long RETRY_MILLIS = 200;
    private static final long PATIENCE = 60;

    private final Api api;
    private final Map<String, Recorder> recorders = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Watched> followed;
    private final CountDownLatch begun;
    private volatile boolean closed;

    Watches(Api api, List<Watched> followed) {
        this.api = api;
        this.followed = List.copyOf(followed);
        this.begun = new CountDownLatch(followed.size());
    }

    /** Returns once every watch is open. */
    void start() throws InterruptedException {
        for (Watched watched : followed) {
            threads.add(
                    Thread.ofVirtual()
                            .name("watch-" + watched.kind())
                            .start(() -> follow(watched)));
        }
        if (!begun.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the API server did not open every watch");
        }
    }

    /** From now on what happens in this namespace is told to this recorder. */
    void tell(String namespace, Recorder recorder) {
        recorders.put(namespace, recorder);
    }

    private void follow(Watched watched) {
        String path = watched.path() + "/" + watched.plural();
        boolean first = true;
        while (!closed) {
            try {
                String version = api.get(path).at("/metadata/resourceVersion").asText();
                try (var lines = api.lines(path + "?watch=1&resourceVersion=" + version)) {
                    if (first) {
                        begun.countDown();
                        first = false;
                    }
                    read(watched, lines);
                }
            } catch (Api.Refused refused) {
                if (refused.notFound()) {
                    begun.countDown();
                    return; // the cluster does not know it
                }
                pause();
            } catch (IOException dropped) {
                pause();
            }
        }
    }

    private void read(Watched watched, BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode event = Json.read(line);
            String type = event.path("type").asText();
            if (type.equals("ERROR")) {
                return;
            }
            JsonNode object = event.path("object");
            Recorder recorder = recorder(object.path("metadata"));
            if (recorder != null) {
                recorder.saw(
                        watched,
                        object,
                        type.equals("DELETED"),
                        System.currentTimeMillis() / 1000.0);
            }
        }
    }

    /** What is in no namespace belongs to the scenario whose name its own begins with. */
    private @Nullable Recorder recorder(JsonNode metadata) {
        String namespace = metadata.path("namespace").asText();
        if (!namespace.isEmpty()) {
            return recorders.get(namespace);
        }
        String name = metadata.path("name").asText();
        return recorders.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
