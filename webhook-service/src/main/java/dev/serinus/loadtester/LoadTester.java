package dev.serinus.loadtester;

import dev.serinus.loadtester.gate.Gate;
import dev.serinus.loadtester.gate.GateKind;
import dev.serinus.loadtester.gate.GateName;
import dev.serinus.loadtester.gate.GatePath;
import dev.serinus.loadtester.gate.GateStore;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Run;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.shell.ServiceHealth;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers hooks as Flagger's load tester does: runs their tests and holds gates. Where it does
 * otherwise the module's README says so, in a table that a test goes through.
 */
final class LoadTester implements ServiceHealth, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadTester.class);

    /** Of a hook that names none. */
    static final String USUAL_TYPE = "cmd";

    private static final int LONGEST_WORD = 256;
    private static final int MOST_REFUSED = 100;
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);
    private static final Pattern RUN = Pattern.compile("/tasks/([^/]+)(/result)?");

    private final NamespaceRule namespaces;
    private final TaskTypes types;
    private final Runs runs;
    private final GateStore gates;
    private final InstantSource clock;
    private final Set<String> refused = new HashSet<>(); // namespaces; guarded by itself
    private Instant refusedSince = Instant.EPOCH; // guarded by the same

    /** Takes the runs and the gates over, and closes them. */
    LoadTester(
            NamespaceRule namespaces,
            TaskTypes types,
            Runs runs,
            GateStore gates,
            InstantSource clock) {
        this.namespaces = namespaces;
        this.types = types;
        this.runs = runs;
        this.gates = gates;
        this.clock = clock;
    }

    Answer answer(Asked asked) throws InterruptedException {
        String path = asked.path().replaceAll("/+", "/");
        if (asked.isGet()) {
            Optional<Answer> told = told(path);
            if (told.isPresent()) {
                return told.get();
            }
        }
        if (path.equals("/healthz")) {
            return Answer.of(200, "OK");
        }
        Optional<GatePath> gate = GatePath.of(path);
        Optional<Answer> always = gate.flatMap(it -> always(it.does()));
        return always.isPresent() ? always.get() : answerPosted(asked, path, gate);
    }

    /** What is answered to everybody. */
    private static Optional<Answer> always(GatePath.Does does) {
        return switch (does) {
            case PASS -> Optional.of(Answer.of(200, "OK"));
            case FAIL -> Optional.of(Answer.forbidden());
            case ASK, OPEN, CLOSE -> Optional.empty();
        };
    }

    private Answer answerPosted(Asked asked, String path, Optional<GatePath> gate)
            throws InterruptedException {
        Payload payload;
        try {
            payload = Payload.read(asked.body());
        } catch (Payload.Unreadable wrong) {
            return Answer.of(400, because(wrong));
        }
        if (!namespaces.admits(payload.namespace())) {
            return notServed(
                    payload.namespace(),
                    gate.filter(each -> each.does() == GatePath.Does.ASK).isPresent());
        }
        if (gate.isPresent()) {
            return gate.get().does() == GatePath.Does.ASK
                    ? check(payload, gate.get().kind())
                    : turn(payload, gate.get().kind(), gate.get().does() == GatePath.Does.OPEN);
        }
        if (path.equals("/tasks/stop")) {
            return stop(payload);
        }
        Answer answer = run(payload, asked);
        return answer.status() == 400 && GatePath.isMistaken(path)
                ? Answer.of(400, answer.body() + noGate(path))
                : answer;
    }

    /** As in Flagger what comes to such a path is a test; it is hardly ever meant for one. */
    private static String noGate(String path) {
        return " (there is no %s, so that it is taken for a test; gates are at %s)"
                .formatted(
                        path.length() > LONGEST_WORD ? path.substring(0, LONGEST_WORD) : path,
                        Stream.of(GatePath.values())
                                .map(GatePath::path)
                                .collect(Collectors.joining(", ")));
    }

    /** Who asks for a gate is told as by Flagger, which reads as a closed one: the log says it. */
    private Answer notServed(String namespace, boolean asksGate) {
        if (!ObjectNames.isNamespace(namespace)) {
            return Answer.forbidden();
        }
        if (isNews(namespace)) {
            LOG.atWarn()
                    .addKeyValue("namespace", namespace)
                    .log("namespace not served, its gates read as closed");
        }
        return asksGate
                ? Answer.forbidden()
                : Answer.of(
                        403,
                        "Forbidden: namespace %s is not served by this load tester (SERINUS_LOADTESTER_NAMESPACES, -namespace-regexp)"
                                .formatted(namespace));
    }

    /** Once an hour, and of so many: whoever may call makes up as many names as they like. */
    private boolean isNews(String namespace) {
        synchronized (refused) {
            var now = clock.instant();
            if (!now.isBefore(refusedSince.plus(TOLD_AGAIN))) {
                refused.clear();
                refusedSince = now;
            }
            return refused.size() < MOST_REFUSED && refused.add(namespace);
        }
    }

    private Answer check(Payload payload, GateKind kind) throws InterruptedException {
        if (isNameless(payload)) {
            return nameless();
        }
        try {
            boolean open = gates.find(gate(payload, kind)).map(Gate::open).orElse(false);
            return open ? Answer.of(200, "Approved") : Answer.forbidden();
        } catch (GateStore.Unavailable trouble) {
            return unavailable(trouble);
        }
    }

    private static Answer unavailable(GateStore.Unavailable trouble) {
        return Answer.of(503, because(trouble)).with("Retry-After", "2");
    }

    private Answer turn(Payload payload, GateKind kind, boolean open) throws InterruptedException {
        if (isNameless(payload)) {
            return nameless();
        }
        GateName name = gate(payload, kind);
        String actor = payload.value("actor");
        String reason = payload.value("reason");
        if (actor.length() > LONGEST_WORD || reason.length() > LONGEST_WORD) {
            return Answer.of(
                    400, "metadata.actor and metadata.reason may have 256 characters each");
        }
        try {
            gates.keep(name, new Gate(open, actor, reason, clock.instant()));
        } catch (GateStore.Unavailable trouble) {
            return unavailable(trouble);
        }
        LOG.atInfo()
                .addKeyValue("canary", payload.name() + "." + payload.namespace())
                .addKeyValue("gate", kind.title())
                .addKeyValue("actor", actor)
                .addKeyValue("reason", reason)
                .log(open ? "gate opened" : "gate closed");
        return Answer.of(202, "");
    }

    private Answer run(Payload payload, Asked asked) throws InterruptedException {
        if (isMisnamed(payload)) {
            return nameless();
        }
        if (payload.metadata().isEmpty()) {
            return Answer.of(400, "metadata not found in payload");
        }
        String written = payload.metadata().getOrDefault("type", USUAL_TYPE);
        Optional<TaskType> type = types.of(written);
        if (type.isEmpty()) {
            return Answer.of(400, "unknown task type " + written);
        }
        if (!types.allows(type.get())) {
            return Answer.of(403, "type " + written + " is not allowed by this load tester");
        }
        var task = Task.of(payload.namespace(), payload.name(), type.get(), payload.metadata());
        var request =
                new Runs.Request(
                        task,
                        payload.facts(),
                        payload.checksum(),
                        asked.question(),
                        payload.isTrue("returnCmdOutput"),
                        payload.isTrue("logCmdOutput"),
                        asked.awaited());
        try {
            // Taken before: what is started now may end at once, and is not earlier.
            Optional<Run> earlier = runs.lastEnded(request);
            Run run = runs.ask(request);
            return type.get().isWaitedFor()
                    ? answer(run, asked.patience())
                    : begun(run, earlier.filter(it -> it.isToldTo(asked.question())));
        } catch (TaskType.Unusable unusable) {
            return Answer.of(400, because(unusable));
        } catch (Runs.Refused busy) {
            return Answer.of(503, because(busy)).with("Retry-After", "10");
        }
    }

    /** Nobody waits for its end: how it ended is told with the next answer to the same. */
    private Answer begun(Run run, Optional<Run> earlier) {
        Answer answer = Answer.of(202, "").with("Content-Location", "/tasks/" + run.id());
        return earlier.flatMap(Run::ended)
                .flatMap(Reports::of)
                .map(report -> answer.with(TestReport.HEADER, report.ofEarlierRun().header()))
                .orElse(answer);
    }

    private static Answer answer(Run run, @Nullable Duration patience) throws InterruptedException {
        if (patience == null) {
            run.await();
            return result(run);
        }
        return run.await(patience)
                ? result(run)
                : later(run).with("Preference-Applied", "respond-async");
    }

    private static Answer later(Run run) {
        return Answer.of(202, "")
                .with("Location", "/tasks/" + run.id() + "/result")
                .with("Retry-After", "2");
    }

    private static Answer result(Run run) {
        Optional<Ended> end = run.ended();
        if (end.isEmpty()) {
            return later(run);
        }
        Answer answer = result(run, end.get());
        return Reports.of(end.get())
                .map(report -> answer.with(TestReport.HEADER, report.header()))
                .orElse(answer);
    }

    private static Answer result(Run run, Ended how) {
        if (how.passed()) {
            return Answer.of(200, run.isOutputWanted() ? how.output() : "");
        }
        String because = run.task().type().failure(run.task(), how);
        return how.outcome() == Outcome.NO_TURN || how.outcome() == Outcome.UNKNOWN
                ? Answer.of(503, because).with("Retry-After", "10")
                : Answer.of(500, because);
    }

    private Answer stop(Payload payload) {
        if (isNameless(payload)) {
            return nameless();
        }
        int stopped = runs.stop(payload.namespace(), payload.name(), "somebody stopped it");
        return Answer.of(200, stopped + " stopped");
    }

    /** What is only read; empty where a path is none of those. */
    private Optional<Answer> told(String path) throws InterruptedException {
        if (path.equals("/gates")) {
            return Optional.of(listed());
        }
        if (path.equals("/tasks")) {
            return Optional.of(Answer.json(Listing.runs(runs.all())));
        }
        var one = RUN.matcher(path);
        if (!one.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                runs.find(one.group(1))
                        .map(
                                run ->
                                        one.group(2) == null
                                                ? Answer.json(Listing.run(run))
                                                : asked(run))
                        .orElse(Answer.of(404, "no such task, or it was long ago")));
    }

    /**
     * Of what nobody knows any more there is nothing to be had here: it is to be asked for anew.
     */
    private static Answer asked(Run run) {
        return run.ended()
                .filter(how -> how.outcome() == Outcome.UNKNOWN)
                .map(how -> Answer.of(410, run.task().type().failure(run.task(), how)))
                .orElseGet(() -> result(run));
    }

    private Answer listed() throws InterruptedException {
        try {
            return Answer.json(Listing.gates(gates.all()));
        } catch (GateStore.Unavailable trouble) {
            return unavailable(trouble);
        }
    }

    private static GateName gate(Payload payload, GateKind kind) {
        return new GateName(payload.namespace(), payload.name(), kind);
    }

    private static boolean isNameless(Payload payload) {
        return payload.name().isEmpty() || payload.namespace().isEmpty() || isMisnamed(payload);
    }

    /** Tests may be of no canary, as in Flagger, but of none that there cannot be. */
    private static boolean isMisnamed(Payload payload) {
        return !(payload.name().isEmpty() || ObjectNames.isName(payload.name()))
                || !(payload.namespace().isEmpty() || ObjectNames.isNamespace(payload.namespace()));
    }

    private static Answer nameless() {
        return Answer.of(400, "name and namespace: have to name a canary");
    }

    private static String because(Exception trouble) {
        return String.valueOf(trouble.getMessage());
    }

    /** Takes no more tasks, and lets those end for which a hook waits. */
    void drain(Duration patience) throws InterruptedException {
        runs.drain(patience);
    }

    @Override
    public boolean alive() {
        return true;
    }

    /** Tests need nothing; what gates need is asked for when one is. */
    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public String missing() {
        return "";
    }

    @Override
    public void close() {
        runs.close();
        gates.close();
    }
}
