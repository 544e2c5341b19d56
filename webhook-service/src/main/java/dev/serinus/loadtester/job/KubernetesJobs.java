package dev.serinus.loadtester.job;

import dev.serinus.loadtester.remote.RemoteWork;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.loadtester.task.Work;
import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code type: job}: a Kubernetes Job of the manifest that a ConfigMap of the Canary's namespace
 * has, waited for.
 */
public final class KubernetesJobs implements TaskType {

    private static final String CONFIG_MAP = "configMap";
    private static final String KEY = "key";

    private final JobRules rules;

    public KubernetesJobs(JobRules rules) {
        this.rules = rules;
    }

    @Override
    public String title() {
        return "job";
    }

    @Override
    public boolean isWaitedFor() {
        return true;
    }

    @Override
    public List<String> needs() {
        return List.of(CONFIG_MAP);
    }

    /** Where the manifest is: so the same one is known, whatever else is said. */
    @Override
    public Map<String, String> settings(Map<String, String> metadata) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(CONFIG_MAP, metadata.getOrDefault(CONFIG_MAP, ""));
        settings.put(KEY, metadata.getOrDefault(KEY, "job.yaml"));
        return settings;
    }

    @Override
    public Work work(Task task) throws Unusable {
        List<String> problems = new ArrayList<>();
        KubernetesClient client = rules.client();
        if (client == null || !rules.namespaces().contains(task.namespace())) {
            problems.add(
                    "namespace: this load tester makes no Jobs in '%s'; its operator names the namespaces (SERINUS_LOADTESTER_JOBS_NAMESPACES)"
                            .formatted(task.namespace()));
        }
        if (!ObjectNames.isName(task.name())) {
            problems.add("name: has to be that of a Canary");
        }
        if (!ObjectNames.isName(task.setting(CONFIG_MAP))) {
            problems.add("metadata.configMap: has to name a ConfigMap of the Canary's namespace");
        }
        if (!task.setting(KEY).matches("[-._a-zA-Z0-9]{1,253}")) {
            problems.add("metadata.key: has to be a key of a ConfigMap");
        }
        if (client == null || !problems.isEmpty()) {
            throw new Unusable(problems);
        }
        var source = new ManifestSource(client, task.setting(CONFIG_MAP), task.setting(KEY));
        return (run, limits) ->
                new RemoteWork(new JobRun(rules, source, run, limits)).play(run, limits);
    }
}
