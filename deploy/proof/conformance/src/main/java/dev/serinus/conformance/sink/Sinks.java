package dev.serinus.conformance.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.SocketMessage;

import java.net.URLDecoder;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sinks of several scenarios behind one address: each has a folder of its name, and what comes
 * to none of them is for the scenario that its query or body names. What is for nobody is answered,
 * not recorded: so providers that are asked whether they are there say yes.
 */
public final class Sinks {

    private static final Answer NOBODY =
            new Answer(
                    200,
                    "application/json",
                    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                            + "[{\"metric\":{},\"value\":[1,\"1\"]}]}}",
                    Duration.ZERO);

    // Longest first, since one name may be the beginning of another.
    private final Map<String, Sink> sinks =
            new ConcurrentSkipListMap<>(
                    Comparator.comparingInt(String::length)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()));

    /** From now on requests of this scenario reach its sink. */
    public void add(String scenario, Sink sink) {
        sinks.put(scenario, sink);
    }

    /** From now on they do not. */
    public void remove(String scenario) {
        sinks.remove(scenario);
    }

    /** Answers a request whose path is as sent. */
    public Answer answer(Request request) {
        String[] parts = request.path().split("/", 3);
        Sink own = parts.length < 2 ? null : sinks.get(parts[1]);
        if (own != null) {
            String below = "/" + (parts.length < 3 ? "" : parts[2]);
            return own.answer(
                    new Request(
                            request.method(),
                            below,
                            request.query(),
                            request.headers(),
                            request.body()));
        }
        return named(request).map(sink -> sink.answer(request)).orElse(NOBODY);
    }

    /** What is said over a WebSocket; the path is as sent. */
    public List<SocketMessage> converse(String path, List<String> said) {
        String[] parts = path.split("/", 3);
        Sink own = parts.length < 3 ? null : sinks.get(parts[1]);
        return own == null ? List.of() : own.converse("/" + parts[2], said);
    }

    /** Answers a request for a provider whose address is fixed, where one scenario is played. */
    public Answer answerAsVendor(Request request) {
        var all = List.copyOf(sinks.values());
        return all.size() == 1 ? all.getFirst().answer(request) : answer(request);
    }

    private Optional<Sink> named(Request request) {
        String said = decoded(request.query()) + " " + decoded(request.body());
        return sinks.entrySet().stream()
                .filter(each -> said.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(Sink.lenient(text), UTF_8);
    }
}
