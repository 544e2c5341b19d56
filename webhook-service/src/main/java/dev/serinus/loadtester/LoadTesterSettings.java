package dev.serinus.loadtester;

import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.remote.KeyFiles;
import dev.serinus.loadtester.task.Limits;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.shell.CheckedSettings;
import dev.serinus.schemas.shell.SettingProblems;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What the load tester is told by {@code SERINUS_LOADTESTER_*} variables or a configuration file.
 *
 * @param timeout the longest a test may take
 * @param namespaceRegexp Flagger's: namespaces in which it is found anywhere are served
 * @param namespaces the namespaces that are served; all when absent
 * @param types of tests that are run; all when absent
 * @param mostAtOnce tests that run together and that hooks wait for
 * @param mostLoads other tests that run together
 * @param mostWaiting tests that run or wait for their turn; 200, or twice as many as run, when
 *     absent
 * @param mostOutput bytes that are kept of what a test writes
 * @param patience how long a hook that waits for its test's end lets it wait for its turn
 * @param token that callers have to name; instead of it, tokenFile names a file that holds it
 * @param passEnvironment names of variables that commands are given besides {@code PATH}, {@code
 *     HOME}, the locale and where the API server is
 * @param path where programs are looked for; as the load tester's own when absent
 * @param workDirectory where commands start
 * @param jobsNamespaces the namespaces in which Jobs are made; none when absent
 * @param jobsServiceAccount the only account that a Job may name, which it has where it names none
 * @param keys the directory with the only files that may be sent as keys of services
 * @param jobsHostAccess whether pods of Jobs may have the node's namespaces, files and privileges
 */
@ConfigurationProperties("serinus.loadtester")
record LoadTesterSettings(
        @Bindable(defaultValue = "1h") Duration timeout,
        @Nullable String namespaceRegexp,
        @Nullable List<String> namespaces,
        @Nullable List<String> types,
        @Bindable(defaultValue = "20") int mostAtOnce,
        @Bindable(defaultValue = "40") int mostLoads,
        @Nullable Integer mostWaiting,
        @Bindable(defaultValue = "65536") int mostOutput,
        @Bindable(defaultValue = "30s") Duration patience,
        @Nullable String token,
        @Nullable Path tokenFile,
        @Nullable List<String> passEnvironment,
        @Nullable String path,
        @Nullable Path workDirectory,
        @Nullable List<String> jobsNamespaces,
        @Nullable String jobsServiceAccount,
        @Nullable Path keys,
        @Bindable(defaultValue = "false") boolean jobsHostAccess)
        implements CheckedSettings {

    /** None of them is a secret, and without them little works. */
    private static final List<String> ALWAYS =
            List.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "TZ",
                    "KUBERNETES_SERVICE_HOST",
                    "KUBERNETES_SERVICE_PORT");

    @Override
    public List<String> problems() {
        var problems =
                new SettingProblems()
                        .of(() -> limits(Map.of()))
                        .of(this::bearer)
                        .of(this::pattern)
                        .of(() -> taskTypes(HookMistakes.types()))
                        .of(() -> JobRules.checkAccount(jobsServiceAccount, names(jobsNamespaces)))
                        .unless(
                                workDirectory == null || Files.isDirectory(workDirectory),
                                "SERINUS_LOADTESTER_WORK_DIRECTORY names no directory: "
                                        + workDirectory)
                        .unless(
                                keys == null || Files.isDirectory(keys),
                                "SERINUS_LOADTESTER_KEYS names no directory: " + keys);
        namespaceNames("SERINUS_LOADTESTER_NAMESPACES", namespaces, problems);
        namespaceNames("SERINUS_LOADTESTER_JOBS_NAMESPACES", jobsNamespaces, problems);
        return problems.all();
    }

    private static void namespaceNames(
            String variable, @Nullable List<String> written, SettingProblems problems) {
        for (String name : names(written)) {
            problems.unless(
                    ObjectNames.isNamespace(name),
                    "%s: '%s' is no name of a namespace; write them with commas between"
                            .formatted(variable, name));
        }
    }

    /** As they are written between commas, where a blank may stand. */
    private static List<String> names(@Nullable List<String> written) {
        return written == null
                ? List.of()
                : written.stream().map(String::strip).filter(it -> !it.isEmpty()).toList();
    }

    NamespaceRule rule() {
        return new NamespaceRule(pattern(), names(namespaces));
    }

    private @Nullable Pattern pattern() {
        try {
            return namespaceRegexp == null || namespaceRegexp.isEmpty()
                    ? null
                    : Pattern.compile(namespaceRegexp);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "SERINUS_LOADTESTER_NAMESPACE_REGEXP (-namespace-regexp) cannot be read: "
                            + wrong.getDescription(),
                    wrong);
        }
    }

    TaskTypes taskTypes(List<TaskType> all) {
        return TaskTypes.allowing(
                types == null ? all.stream().map(TaskType::title).toList() : names(types), all);
    }

    /** What jobs may be; none are made where no namespace is named for them. */
    boolean makesJobs() {
        return !names(jobsNamespaces).isEmpty();
    }

    /** Those that may be made by this client. */
    JobRules jobs(@Nullable KubernetesClient client) {
        return new JobRules(client, names(jobsNamespaces), jobsServiceAccount, jobsHostAccess);
    }

    Limits limits(Map<String, String> environment) {
        Map<String, String> passed = new TreeMap<>();
        Stream.concat(
                        ALWAYS.stream(),
                        passEnvironment == null ? Stream.of() : passEnvironment.stream())
                .filter(environment::containsKey)
                .forEach(name -> passed.put(name, environment.get(name)));
        if (path != null) {
            passed.put("PATH", path);
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        passed.putIfAbsent("HOME", temporary.toString());
        return new Limits(
                timeout,
                mostAtOnce,
                mostLoads,
                mostWaiting == null ? Math.max(200, 2 * (mostAtOnce + mostLoads)) : mostWaiting,
                mostOutput,
                patience,
                passed,
                workDirectory == null ? temporary : workDirectory);
    }

    /** The token that callers name is nobody's to send on. */
    KeyFiles keyFiles() {
        return new KeyFiles(keys, tokenFile == null ? List.of() : List.of(tokenFile));
    }

    BearerToken bearer() {
        return BearerToken.of(token, tokenFile);
    }

    /** Leaves out the token. */
    @Override
    public String toString() {
        return "LoadTesterSettings[timeout=" + timeout + ", mostAtOnce=" + mostAtOnce + "]";
    }
}
