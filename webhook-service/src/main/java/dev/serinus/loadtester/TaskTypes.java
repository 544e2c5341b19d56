package dev.serinus.loadtester;

import dev.serinus.loadtester.command.CommandType;
import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.job.KubernetesJobs;
import dev.serinus.loadtester.remote.Concord;
import dev.serinus.loadtester.remote.KeyFiles;
import dev.serinus.loadtester.remote.NGrinder;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.outgoing.OutgoingClient;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kinds of tests that there are, and which of them are run.
 *
 * @param allowed titles of those that are run
 */
record TaskTypes(List<TaskType> all, Set<String> allowed) {

    TaskTypes {
        all = List.copyOf(all);
        allowed = Set.copyOf(allowed);
    }

    /**
     * A line for each kind.
     *
     * @param client for those that another service runs
     * @param jobs for those that the cluster runs
     * @param keys which files may be sent to other services
     */
    static List<TaskType> all(OutgoingClient client, JobRules jobs, KeyFiles keys) {
        List<TaskType> all = new ArrayList<>(List.of(CommandType.values()));
        all.add(new Concord(client, keys));
        all.add(new NGrinder(client));
        all.add(new KubernetesJobs(jobs));
        return List.copyOf(all);
    }

    /** Those of these titles; a title of none of them is an {@link IllegalArgumentException}. */
    static TaskTypes allowing(List<String> titles, List<TaskType> all) {
        for (String title : titles) {
            if (all.stream().noneMatch(each -> each.title().equals(title))) {
                throw new IllegalArgumentException(
                        "SERINUS_LOADTESTER_TYPES: '%s' is none of %s"
                                .formatted(
                                        title,
                                        all.stream()
                                                .map(TaskType::title)
                                                .collect(Collectors.joining(", "))));
            }
        }
        return new TaskTypes(all, Set.copyOf(titles));
    }

    Optional<TaskType> of(String title) {
        return all.stream().filter(each -> each.title().equals(title)).findFirst();
    }

    boolean allows(TaskType type) {
        return allowed.contains(type.title());
    }
}
