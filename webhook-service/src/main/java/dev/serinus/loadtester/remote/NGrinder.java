package dev.serinus.loadtester.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.loadtester.task.Work;
import dev.serinus.schemas.outgoing.OutgoingClient;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * {@code type: ngrinder}: a load test of nGrinder, made after another one, by Flagger's names. Run
 * in the background: the hook is answered before it ends.
 */
public final class NGrinder implements TaskType {

    private static final List<String> REQUIRED = List.of("server", "clone", "username", "passwd");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final OutgoingClient client;

    /** The client stays the caller's to close. */
    public NGrinder(OutgoingClient client) {
        this.client = client;
    }

    @Override
    public String title() {
        return "ngrinder";
    }

    @Override
    public boolean isWaitedFor() {
        return false;
    }

    @Override
    public List<String> needs() {
        return REQUIRED;
    }

    @Override
    public Work work(Task task) throws Unusable {
        if (REQUIRED.stream().anyMatch(key -> task.setting(key).isBlank())) {
            throw new Unusable("server, clone, username and passwd are required metadata");
        }
        List<String> problems = new ArrayList<>();
        Optional<URI> server = JsonService.address(task.setting("server"));
        if (server.isEmpty()) {
            problems.add(JsonService.NO_ADDRESS);
        }
        String clone = task.setting("clone").strip();
        if (!clone.matches("[0-9]{1,18}")) {
            problems.add("metadata clone must be integer");
        }
        Optional<String> password = decoded(task.setting("passwd"));
        if (password.isEmpty()) {
            problems.add("metadata password is invalid: it has to be in base64");
        }
        if (!problems.isEmpty()) {
            throw new Unusable(problems);
        }
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (task.setting("username") + ":" + password.orElseThrow())
                                                .getBytes(UTF_8));
        var secrets = List.of(basic, task.setting("passwd"), password.orElseThrow());
        var test =
                new PerformanceTest(
                        JsonService.of(client, task.owner(), server.orElseThrow(), secrets),
                        clone,
                        basic,
                        // What is no duration is Flagger's usual one there, too.
                        Intervals.parse(task.setting("pollInterval")).orElse(INTERVAL));
        return new RemoteWork(test);
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64.strip()), UTF_8));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
