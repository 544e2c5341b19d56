package dev.serinus.loadtester;

import dev.serinus.loadtester.command.CommandType;
import dev.serinus.loadtester.command.LeastTime;
import dev.serinus.loadtester.gate.GatePath;
import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.remote.KeyFiles;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be said of a hook without the load tester that is to take it. */
public final class HookMistakes {

    /** As in {@link LoadTester}: what comes there is no test. */
    private static final Pattern LISTS = Pattern.compile("/(gates|tasks)(/.*)?");

    /** Programs that make load, of which not the end but what the metrics show meanwhile counts. */
    private static final Set<String> GENERATORS =
            Set.of(
                    "hey",
                    "wrk",
                    "wrk2",
                    "k6",
                    "ghz",
                    "artillery",
                    "ab",
                    "vegeta",
                    "fortio",
                    "siege",
                    "h2load",
                    "locust",
                    "oha",
                    "bombardier",
                    "autocannon",
                    "jmeter",
                    "gatling",
                    "nighthawk_client",
                    "tsung",
                    "drill",
                    "load",
                    "loadtest");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");

    private HookMistakes() {}

    /**
     * All that is to be said, each a sentence that begins with the field and a colon, such as
     * {@code metadata: }.
     *
     * @param path of the hook's address
     * @param timeout how long its answer is waited for
     */
    public static List<String> of(
            HookType type, String path, Map<String, String> metadata, Duration timeout) {
        String clean = path.isEmpty() ? "/" : path.replaceAll("/+", "/");
        List<String> found = new ArrayList<>();
        HookPaths.problem(type, clean).ifPresent(problem -> found.add("url: " + problem));
        boolean isTest =
                GatePath.of(clean).isEmpty()
                        && !GatePath.isMistaken(clean)
                        && !LISTS.matcher(clean).matches();
        if (isTest) {
            List<String> missing = problems(metadata);
            missing.forEach(problem -> found.add("metadata: " + problem));
            if (missing.isEmpty()) {
                command(type, metadata, timeout).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<String> command(
            HookType type, Map<String, String> metadata, Duration timeout) {
        String title = metadata.getOrDefault("type", LoadTester.USUAL_TYPE);
        String command = metadata.getOrDefault("cmd", "");
        String waited = CommandType.BASH.title();
        if (title.equals(CommandType.CMD.title())) {
            boolean gate = type.meaning() instanceof Meaning.Confirms;
            boolean test =
                    type.meaning() instanceof Meaning.Check
                            || type.meaning() instanceof Meaning.BeforeTraffic;
            return gate || (test && !makesLoad(command))
                    ? Optional.of(
                            "metadata.type: %s%s is answered at once (202), and how the command ends is not looked at, so that it always passes; with %s its end is waited for and counts"
                                    .formatted(
                                            title,
                                            metadata.containsKey("type")
                                                    ? ""
                                                    : ", the type of a hook that names none,",
                                            waited))
                    : Optional.empty();
        }
        Duration least =
                title.equals(waited) && type.decides() ? LeastTime.of(command) : Duration.ZERO;
        return timeout.compareTo(least) < 0
                ? Optional.of(
                        "timeout: its command takes %s at least, and its answer is waited for %s, so that it never passes; set it above %s"
                                .formatted(
                                        Durations.print(least),
                                        Durations.print(timeout),
                                        Durations.print(least)))
                : Optional.empty();
    }

    private static boolean makesLoad(String command) {
        return WORD.matcher(command)
                .results()
                .map(each -> each.group().toLowerCase(Locale.ROOT))
                .anyMatch(GENERATORS::contains);
    }

    /** All that a load tester would refuse for what is missing, whatever it is told itself. */
    private static List<String> problems(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return List.of("has to say what is to be run");
        }
        String title = metadata.getOrDefault("type", LoadTester.USUAL_TYPE);
        List<TaskType> all = types();
        return all.stream()
                .filter(type -> type.title().equals(title))
                .findFirst()
                .map(type -> missing(type, metadata))
                .orElseGet(
                        () ->
                                List.of(
                                        "type has to be one of %s, was '%s'"
                                                .formatted(
                                                        String.join(
                                                                ", ",
                                                                all.stream()
                                                                        .map(TaskType::title)
                                                                        .toList()),
                                                        title)));
    }

    private static List<String> missing(TaskType type, Map<String, String> metadata) {
        return type.needs().stream()
                .filter(key -> metadata.getOrDefault(key, "").isBlank())
                .map(key -> "type %s needs %s".formatted(type.title(), key))
                .toList();
    }

    /** All kinds of tests, of which nothing may be asked but what they are. */
    static List<TaskType> types() {
        return Known.TYPES;
    }

    /** Made once: what is asked of them needs no client, but they are made with one. */
    private static final class Known {
        private static final List<TaskType> TYPES = made();

        private static List<TaskType> made() {
            try (var calls =
                    new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(1))) {
                return TaskTypes.all(calls, JobRules.none(), KeyFiles.any());
            }
        }
    }
}
