import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Follows what happens to all rollouts, by the stream of Serinus' API. The JDK alone, from 21 on.
 *
 * <p>{@code java Follow.java http://127.0.0.1:8080 [LAST_ID_FILE]}
 *
 * <p>Prints the type and the JSON of each event. The id of the last change is kept, in the file if
 * one is named: after a lost connection, and after a restart, only what changed meanwhile is told.
 * A token to log in with is read from the file that SERINUS_TOKEN_FILE names. The server sends
 * something every 15 seconds: a connection that is silent for a minute (SERINUS_SILENCE_SECONDS) is
 * given up, and another one made.
 */
public class Follow {

    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    private static final Duration SILENCE =
            Duration.ofSeconds(
                    Long.parseLong(System.getenv().getOrDefault("SERINUS_SILENCE_SECONDS", "60")));

    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(SILENCE).build();
    private final URI stream;
    private final Path kept;
    private String last = "";

    Follow(String url, Path kept) throws IOException {
        this.stream = URI.create(url.replaceFirst("/$", "") + "/api/v1/stream");
        this.kept = kept;
        if (kept != null && Files.exists(kept)) {
            last = Files.readString(kept).strip();
        }
    }

    public static void main(String[] arguments) throws Exception {
        new Follow(arguments[0], arguments.length > 1 ? Path.of(arguments[1]) : null).follow();
    }

    /**
     * What to do with an event: here, print it. Read the data with the JSON library that you use.
     */
    void tell(String type, String data) {
        System.out.println(type + " " + data);
        if (type.equals("over")) {
            System.exit(1);
        }
    }

    void follow() throws Exception {
        while (true) {
            long pause = 2;
            try {
                var answer = begun();
                try (var body = answer.body()) {
                    if (answer.statusCode() == 200) {
                        read(body);
                    } else if (PASSING.contains(answer.statusCode())) {
                        pause = answer.headers().firstValueAsLong("Retry-After").orElse(pause);
                    } else {
                        System.err.println("refused: " + answer.statusCode());
                        System.exit(1);
                    }
                }
            } catch (IOException lost) {
                System.err.println("lost: " + lost.getMessage());
            }
            Thread.sleep(pause * 1000);
        }
    }

    /** An answer that has begun: a time-out of the request may be one of the whole stream. */
    private HttpResponse<InputStream> begun() throws IOException, InterruptedException {
        var answer = http.sendAsync(request(), HttpResponse.BodyHandlers.ofInputStream());
        try {
            return answer.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            answer.cancel(true);
            throw new IOException("no answer", silent);
        } catch (ExecutionException lost) {
            throw new IOException(lost.getCause().getMessage(), lost);
        }
    }

    private HttpRequest request() throws IOException {
        var request = HttpRequest.newBuilder(stream).header("Accept", "text/event-stream");
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        String token = System.getenv("SERINUS_TOKEN_FILE");
        if (token != null) {
            request.header("Authorization", "Bearer " + Files.readString(Path.of(token)).strip());
        }
        return request.build();
    }

    private void read(InputStream body) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String type = "message";
        String id = "";
        var data = new StringBuilder();
        for (String line; (line = heard(body, lines)) != null; ) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    tell(type, data.toString());
                    if (!id.isEmpty()) { // only now: what was not handled is told again
                        last = id;
                        if (kept != null) {
                            Files.writeString(kept, last);
                        }
                    }
                }
                type = "message";
                id = "";
                data.setLength(0);
            } else if (line.startsWith("event:")) {
                type = line.substring(6).strip();
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }
    }

    /** The next line; a stream that is silent too long is closed, and reading it fails. */
    private String heard(InputStream body, BufferedReader lines) throws IOException {
        var given =
                watch.schedule(
                        () -> {
                            body.close();
                            return null;
                        },
                        SILENCE.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            return lines.readLine();
        } finally {
            given.cancel(false);
        }
    }
}
