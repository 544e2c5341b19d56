package dev.serinus.loadtester;

import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.remote.KeyFiles;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;

import java.util.List;
import java.util.Map;

/** What can be said of a hook's metadata without the load tester that is to take it. */
public final class HookMetadata {

    private HookMetadata() {}

    /** All that a load tester would refuse for what is missing, whatever it is told itself. */
    public static List<String> problems(Map<String, String> metadata) {
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
