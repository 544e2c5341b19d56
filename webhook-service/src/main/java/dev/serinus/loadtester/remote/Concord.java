package dev.serinus.loadtester.remote;

import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.loadtester.task.Work;
import dev.serinus.schemas.outgoing.OutgoingClient;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code type: concord}: a process of Concord, by Flagger's names. */
public final class Concord implements TaskType {

    private static final String ARGUMENT = "arguments.";
    private static final String ENDPOINT = ARGUMENT + "endpoint";

    /** In this order they are the parts of the form. */
    private static final List<String> REQUIRED =
            List.of("server", "org", "project", "repo", "entrypoint", "apiKeyPath", "endpoint");

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final OutgoingClient client;
    private final KeyFiles keys;

    /** The client stays the caller's to close. */
    public Concord(OutgoingClient client, KeyFiles keys) {
        this.client = client;
        this.keys = keys;
    }

    @Override
    public String title() {
        return "concord";
    }

    @Override
    public boolean isWaitedFor() {
        return true;
    }

    @Override
    public List<String> needs() {
        return REQUIRED;
    }

    @Override
    public Work work(Task task) throws Unusable {
        List<String> problems = new ArrayList<>();
        REQUIRED.stream()
                .filter(key -> task.setting(key).isBlank())
                .forEach(key -> problems.add("`%s` is required with type concord".formatted(key)));
        Optional<URI> server = JsonService.address(task.setting("server"));
        if (server.isEmpty() && !task.setting("server").isBlank()) {
            problems.add(JsonService.NO_ADDRESS);
        }
        if (!task.setting("apiKeyPath").isBlank()) {
            keys.problem(task.setting("apiKeyPath")).ifPresent(problems::add);
        }
        Duration interval = interval(task, "pollInterval", INTERVAL, problems);
        Duration silence = interval(task, "pollTimeout", SILENCE, problems);
        Map<String, String> form = form(task, problems);
        if (!problems.isEmpty()) {
            throw new Unusable(problems);
        }
        var process =
                new ConcordProcess(
                        JsonService.of(
                                client,
                                task.owner(),
                                server.orElseThrow(),
                                task.settings().values()),
                        keys,
                        Path.of(task.setting("apiKeyPath")),
                        form,
                        interval,
                        silence);
        return new RemoteWork(process);
    }

    private static Duration interval(Task task, String key, Duration usual, List<String> problems) {
        String written = task.setting(key);
        if (written.isBlank()) {
            return usual;
        }
        Optional<Duration> found = Intervals.parse(written);
        if (found.isEmpty()) {
            problems.add(
                    "metadata.%s: has to be seconds, or a duration of 100ms to 24h".formatted(key));
        }
        return found.orElse(usual);
    }

    private static Map<String, String> form(Task task, List<String> problems) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("org", task.setting("org"));
        form.put("project", task.setting("project"));
        form.put("repo", task.setting("repo"));
        form.put("entryPoint", task.setting("entrypoint"));
        form.put(ENDPOINT, task.setting("endpoint"));
        for (var each : new TreeMap<>(task.settings()).entrySet()) {
            String key = each.getKey();
            if (key.equals(ENDPOINT)) {
                problems.add("metadata.arguments.endpoint: is metadata.endpoint");
            } else if (key.startsWith(ARGUMENT) && !key.matches("[A-Za-z0-9._-]{1,200}")) {
                problems.add("metadata.arguments: names may have letters, digits and ._- only");
            } else if (key.startsWith(ARGUMENT)) {
                form.put(key, each.getValue());
            }
        }
        return form;
    }

    /** As in Flagger the reason alone. */
    @Override
    public String failure(Task task, Ended how) {
        return how.because();
    }
}
