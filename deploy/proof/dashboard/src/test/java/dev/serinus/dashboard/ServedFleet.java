package dev.serinus.dashboard;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.api.HubState;
import dev.serinus.analysis.api.OnRequest;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.audit.AuditInMemory;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.keptgate.KeptGate;
import dev.serinus.analysis.keptgate.KeptGateKind;
import dev.serinus.analysis.keptgate.KeptGatesInMemory;
import dev.serinus.analysis.letter.LetterContent;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.LettersInMemory;
import dev.serinus.analysis.past.PastEvents;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.events.TakenBack;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real API and dashboard over a fleet that a test makes up, and that decides as it is told. */
final class ServedFleet implements AutoCloseable {

    static final CanaryKey CHECKOUT = new CanaryKey("production-eu", "shop", "checkout");
    private static final List<String> ALL = List.of("promote", "pause", "abort", "skip");

    final FleetView view = new FleetView(100);
    final LettersInMemory letters = new LettersInMemory();
    final KeptGatesInMemory gates = new KeptGatesInMemory("production-eu");
    final AuditInMemory audit = new AuditInMemory();
    private final List<AlertResult> told = new CopyOnWriteArrayList<>();
    private volatile FleetConfig rules = FleetConfig.NONE;
    private final List<RolloutEvent> past = new CopyOnWriteArrayList<>();
    private final ReadApi api;
    private volatile String outcome = "done";
    private volatile long parts = 1;

    ServedFleet(AccessConfig access) {
        this(access, LoginConfig.NONE, 0);
    }

    /** Where people log in with a browser, at a port that their provider knows. */
    ServedFleet(AccessConfig access, LoginConfig login, int port) {
        var desk =
                new ActionDesk(view, this::decide, InstantSource.system(), Duration.ofSeconds(5));
        api =
                ReadApi.serve(
                        HEALTHY,
                        view,
                        desk,
                        new OnRequest(
                                        () -> letters,
                                        gates,
                                        this::part,
                                        this::told,
                                        audit,
                                        () -> rules)
                                .with(
                                        () ->
                                                new HubState(
                                                        true,
                                                        "",
                                                        OptionalLong.of(3),
                                                        OptionalLong.of(0))),
                        access,
                        login,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        "127.0.0.1",
                        port);
    }

    private PastEvents.Part part(CanaryKey canary, @Nullable Long from, int most) {
        long left = from == null ? parts : from;
        return left > 1
                ? new PastEvents.Part(List.of(), left - 1)
                : new PastEvents.Part(past, null);
    }

    private AlertResults.Part told(
            CanaryKey canary, @Nullable Instant since, @Nullable Long from, int most) {
        return new AlertResults.Part(
                told.stream().filter(it -> it.getCanary().equals(canary.toString())).toList(),
                null);
    }

    /** All that is past lies in the last of so many parts. */
    void readsBack(int newParts) {
        parts = newParts;
    }

    /** The run before ended since a newer revision came. */
    void tookOver() {
        var last = past.removeLast();
        past.add(RolloutEvent.newBuilder(last).setType("Restarted").build());
    }

    String url() {
        return "http://127.0.0.1:" + api.port();
    }

    /** What becomes of actions from now on. */
    void answers(String word) {
        outcome = word;
    }

    @Override
    public void close() {
        api.close();
    }

    // ---- states

    static RolloutState.Builder state(CanaryKey canary, String phase) {
        Instant now = Instant.now();
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-" + canary.name())
                .setRun(7)
                .setPhase(phase)
                .setRevision("7f9c2b41d8")
                .setPromotedRevision("7f9c2b41d8")
                .setCanaryWeight(0)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(1)
                .setSequence(1)
                .setWaitingFor("")
                .setProvider("gatewayapi:v1")
                .setHeld(false)
                .setPossibleActions(phase.equals("Progressing") ? ALL : List.of("pause", "retry"))
                .setStartedAt(now.minusSeconds(600))
                .setUpdatedAt(now);
    }

    void put(CanaryKey canary, RolloutState.Builder state) {
        view.state(canary, state.build());
    }

    /** One that goes up, with checks, of which some fail, and that people have touched. */
    void checkout() {
        Instant began = Instant.now().minusSeconds(560);
        var random = new Random(7);
        int sequence = 0;
        event(
                CHECKOUT,
                ++sequence,
                "RevisionDetected",
                0,
                "new revision 7f9c2b41d8",
                began,
                List.of());
        event(
                CHECKOUT,
                ++sequence,
                "Started",
                0,
                "the canary is ready, 6 of 6 pods",
                began.plusSeconds(25),
                List.of());
        for (int step = 1; step <= 5; step++) {
            Instant at = began.plusSeconds(25 + 60L * step);
            event(
                    CHECKOUT,
                    ++sequence,
                    "WeightShifted",
                    step * 10,
                    "%d %% of the traffic".formatted(step * 10),
                    at,
                    List.of());
            double rate = 99.9 - random.nextDouble() * 0.3;
            double latency = 210 + random.nextDouble() * 60;
            boolean failed = step == 3;
            var checks =
                    List.of(
                            evidence("request-success-rate", failed ? 98.41 : rate, 99.0, null),
                            evidence("request-duration", latency, null, 500.0),
                            evidence(
                                    "cart-abandoned",
                                    0.021 + random.nextDouble() * 0.01,
                                    null,
                                    0.05));
            event(
                    CHECKOUT,
                    ++sequence,
                    failed ? "CheckFailed" : "StepPassed",
                    step * 10,
                    failed ? "request-success-rate 98.41 < 99" : "all 3 checks passed",
                    at.plusSeconds(50),
                    checks);
        }
        view.event(
                CHECKOUT,
                made(
                                CHECKOUT,
                                ++sequence,
                                "Paused",
                                50,
                                "paused by ada: is the error budget all right?",
                                began.plusSeconds(400),
                                List.of())
                        .setActor("ada")
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId("a1")
                                        .setAction("pause")
                                        .setOutcome("done")
                                        .setReason("is the error budget all right?")
                                        .setPossible(List.of())
                                        .build())
                        .build());
        view.event(
                CHECKOUT,
                made(
                                CHECKOUT,
                                ++sequence,
                                "Resumed",
                                50,
                                "resumed by ada",
                                began.plusSeconds(440),
                                List.of())
                        .setActor("ada")
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId("a2")
                                        .setAction("resume")
                                        .setOutcome("done")
                                        .setReason("")
                                        .setPossible(List.of())
                                        .build())
                        .build());
        event(
                CHECKOUT,
                ++sequence,
                "GateClosed",
                50,
                "waits for approval of more traffic by release-managers",
                began.plusSeconds(460),
                List.of());
        put(
                CHECKOUT,
                state(CHECKOUT, "Progressing")
                        .setPromotedRevision("5c1d90aa72")
                        .setCanaryWeight(50)
                        .setFailedChecks(1)
                        .setStep(9)
                        .setSequence(sequence)
                        .setWaitingFor("approval of more traffic by release-managers")
                        .setDeadline(Instant.now().plusSeconds(754))
                        .setPossibleActions(List.of("approve", "pause", "promote", "abort"))
                        .setStartedAt(began));
    }

    /** The run before, which was taken back at 30 %: in memory no more. */
    void runBefore() {
        Instant began = Instant.now().minusSeconds(90_000);
        past.add(before(1, "RevisionDetected", 0, "new revision 5c1d90aa72", began, List.of()));
        for (int step = 1; step <= 3; step++) {
            Instant at = began.plusSeconds(20 + 45L * step);
            past.add(
                    before(
                            2 * step,
                            "WeightShifted",
                            step * 10,
                            "%d %% of the traffic".formatted(step * 10),
                            at,
                            List.of()));
            double rate = step == 3 ? 91.2 : 99.6;
            past.add(
                    before(
                            2 * step + 1,
                            step == 3 ? "CheckFailed" : "StepPassed",
                            step * 10,
                            step == 3 ? "request-success-rate 91.2 < 99" : "all checks passed",
                            at.plusSeconds(40),
                            List.of(
                                    evidence("request-success-rate", rate, 99.0, null),
                                    evidence("request-duration", 300 + 40 * step, null, 500.0))));
        }
        past.add(before(8, "RolledBack", 0, "5 of 5 failures", began.plusSeconds(240), List.of()));
    }

    private static RolloutEvent before(
            int sequence,
            String type,
            int weight,
            String message,
            Instant at,
            List<Evidence> evidence) {
        return made(CHECKOUT, sequence, type, weight, message, at, evidence)
                .setRun(6)
                .setRevision("5c1d90aa72")
                .build();
    }

    /** What was set aside lately; the first is the one that may be replayed. */
    LetterId setAside() {
        Instant now = Instant.now();
        letters.put(
                "production-eu",
                TopicKind.ROUTER_COMMANDS,
                "production-eu/shop/cart",
                "the route production-eu/shop/cart was refused: admission webhook timed out",
                new LetterContent.Unreadable("RouterCommand", "no schema is known by its id 17"),
                now.minusSeconds(86_000));
        letters.put(
                "production-eu",
                TopicKind.DEAD_LETTERS,
                "production-eu/shop/web",
                "the letter itself cannot be read: no schema is known by its id 18",
                new LetterContent.Unreadable("DeadLetter", "no schema is known by its id 18"),
                now.minusSeconds(4_000));
        letters.put(
                "production-us",
                TopicKind.CHANGES,
                null,
                "a record without a key; it must name a canary",
                new LetterContent.Empty(),
                now.minusSeconds(900));
        return letters.put(
                "production-eu",
                TopicKind.METRIC_RESULTS,
                CHECKOUT.toString(),
                "no schema is known by its id 17: a newer service wrote it",
                new LetterContent.Decoded(
                        "{\"canary\": \"production-eu/shop/checkout\", \"measurements\":"
                                + " [{\"metric\": \"latency\", \"value\": 212.5}]}",
                        CHECKOUT.toString()),
                now.minusSeconds(300));
    }

    /** A budget that is full, a freeze that is to come, and who waits for it and for another. */
    void ruled(Path folder) throws IOException {
        // Now is the clock's, so that a freeze of each week would be on at times.
        var from = LocalDateTime.now(ZoneOffset.UTC).plusDays(3).truncatedTo(ChronoUnit.DAYS);
        rules =
                FleetFile.read(
                        Files.writeString(
                                folder.resolve("fleet.yaml"),
                                """
                                budgets:
                                - {name: europe, max: 2, scope: {clusters: ["*-eu"]}}
                                freezes:
                                - {name: holidays, from: "%s", to: "%s", zone: UTC, what: [starts, promotions], reason: nobody is there}
                                """
                                        .formatted(from, from.plusDays(2))));
        var web = new CanaryKey("production-eu", "shop", "web");
        put(
                web,
                state(web, "Waiting")
                        .setWaitingFor(
                                "a budget: 2 of 2 in europe: production-eu/shop/checkout,"
                                        + " production-eu/shop/search; place 1 in the line"));
        var login = new CanaryKey("production-us", "shop", "login");
        put(
                login,
                state(login, "Waiting")
                        .setWaitingFor(
                                "production-eu/shop/login to be promoted with this release: it is"
                                        + " Progressing at 30 %"));
    }

    /** Who was told what of the run that goes on, and one of the run before. */
    void alerted() {
        Instant now = Instant.now();
        told.add(alert(6, 1, Severity.ERROR, "delivered", 1, "", now.minusSeconds(89_000)));
        told.add(alert(7, 2, Severity.INFO, "delivered", 1, "", now.minusSeconds(530)));
        told.add(alert(7, 8, Severity.WARN, "delivered", 3, "", now.minusSeconds(300)));
        told.add(
                alert(
                        7,
                        8,
                        Severity.WARN,
                        "dead-lettered",
                        6,
                        "status 404",
                        now.minusSeconds(290)));
    }

    private static AlertResult alert(
            long run,
            long sequence,
            Severity severity,
            String outcome,
            int attempts,
            String because,
            Instant at) {
        boolean lost = outcome.equals("dead-lettered");
        return AlertResult.newBuilder()
                .setCanary(CHECKOUT.toString())
                .setUid("uid-checkout")
                .setRun(run)
                .setSequence(sequence)
                .setKey("msg_" + run + sequence + outcome)
                .setAlert(lost ? "on-call" : "releases")
                .setProvider(lost ? "pager.shop" : "chat.shop")
                .setType(lost ? "custom" : "slack")
                .setSeverity(severity)
                .setMessage(
                        severity == Severity.INFO
                                ? "New revision detected"
                                : "request-success-rate 98.41 < 99")
                .setOutcome(outcome)
                .setAttempts(attempts)
                .setBecause(because)
                .setAt(at)
                .build();
    }

    /** What people did and were refused. */
    void audited() {
        Instant now = Instant.now();
        audit.add(
                entry("ada", "pause", "done", now.minusSeconds(400))
                        .setReason("is the error budget all right?")
                        .build());
        audit.add(
                entry("ben", "promote", "not-allowed", now.minusSeconds(120))
                        .setBecause("no rule allows it")
                        .build());
        audit.add(
                AuditEntry.newBuilder()
                        .setAt(now.minusSeconds(60))
                        .setActor("")
                        .setAction("request")
                        .setOutcome("login")
                        .setTarget("GET /api/v1/rollouts")
                        .setBecause("the token is not valid")
                        .setTimes(41)
                        .build());
    }

    private static AuditEntry.Builder entry(
            String actor, String action, String outcome, Instant at) {
        return AuditEntry.newBuilder()
                .setAt(at)
                .setActor(actor)
                .setAction(action)
                .setOutcome(outcome)
                .setCanary(CHECKOUT.toString())
                .setCluster(CHECKOUT.cluster());
    }

    /** Gates that people turned. */
    void turned() {
        gates.turn(
                CHECKOUT,
                new KeptGate(
                        KeptGateKind.GATE,
                        false,
                        "release-managers",
                        "not before the campaign is over",
                        Instant.now().minusSeconds(7_200)));
        gates.turn(
                new CanaryKey("production-eu", "shop", "search"),
                new KeptGate(KeptGateKind.ROLLBACK, false, "", "", Instant.now().minusSeconds(90)));
    }

    /** A fleet as people have it: much is quiet, some runs, a little asks for somebody. */
    void neighbours() {
        String[] names = {
            "cart", "search", "payments", "catalog", "web", "images", "mail", "login"
        };
        int count = 0;
        for (String cluster : List.of("production-eu", "production-us", "staging")) {
            for (String name : names) {
                put(
                        new CanaryKey(cluster, count % 3 == 0 ? "platform" : "shop", name),
                        state(new CanaryKey(cluster, "shop", name), "Succeeded")
                                .setUpdatedAt(
                                        Instant.now().minusSeconds(3_000 + 1_700L * count++)));
            }
        }
        var payments = new CanaryKey("production-us", "shop", "payments");
        put(
                payments,
                state(payments, "Failed")
                        .setRevision("e04c11b7aa")
                        .setPromotedRevision("91b7c2d0ff")
                        .setImages(List.of("registry.example/shop/payments:4.2.0"))
                        .setPrimaryImages(List.of("registry.example/shop/payments:4.1.7"))
                        .setTakenBack(
                                new TakenBack(
                                        Instant.now().minusSeconds(97),
                                        "request-success-rate 91.2 < 99",
                                        "serinus",
                                        5))
                        .setWaitingFor("")
                        .setUpdatedAt(Instant.now().minusSeconds(95)));
        event(
                payments,
                1,
                "RolledBack",
                0,
                "request-success-rate 91.2 < 99, 5 of 5 failures",
                Instant.now().minusSeconds(95),
                List.of(evidence("request-success-rate", 91.2, 99.0, null)));
        var search = new CanaryKey("production-eu", "shop", "search");
        put(
                search,
                state(search, "Progressing")
                        .setCanaryWeight(25)
                        .setCanaryBasisPoints(2_500)
                        .setRevision("b1946ac924")
                        .setDeadline(Instant.now().plusSeconds(42))
                        .setUpdatedAt(Instant.now().minusSeconds(18)));
        var images = new CanaryKey("staging", "platform", "images");
        put(
                images,
                state(images, "Progressing")
                        .setCanaryWeight(5)
                        .setRevision("77de68daec")
                        .setHeld(true)
                        .setPossibleActions(List.of("resume", "abort"))
                        .setWaitingFor(
                                "resume, since it was paused by ben: the dashboards of the supplier"
                                        + " are down")
                        .setUpdatedAt(Instant.now().minusSeconds(5_400)));
        var mail = new CanaryKey("production-us", "shop", "mail");
        put(
                mail,
                state(mail, "Promoting")
                        .setCanaryWeight(100)
                        .setRevision("cd6357efdd")
                        .setWaitingFor("the primary is to become ready")
                        .setDeadline(Instant.now().minusSeconds(200))
                        .setUpdatedAt(Instant.now().minusSeconds(640)));
    }

    void event(
            CanaryKey canary,
            int sequence,
            String type,
            int weight,
            String message,
            Instant at,
            List<Evidence> evidence) {
        view.event(canary, made(canary, sequence, type, weight, message, at, evidence).build());
    }

    /** One of another run. */
    void event(CanaryKey canary, int sequence, long run, String type, Instant at) {
        view.event(canary, made(canary, sequence, type, 0, "", at, List.of()).setRun(run).build());
    }

    private static RolloutEvent.Builder made(
            CanaryKey canary,
            int sequence,
            String type,
            int weight,
            String message,
            Instant at,
            List<Evidence> evidence) {
        return RolloutEvent.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-" + canary.name())
                .setRun(7)
                .setSequence(sequence)
                .setType(type)
                .setPhase("Progressing")
                .setRevision("7f9c2b41d8")
                .setStep(sequence)
                .setCanaryWeight(weight)
                .setFailedChecks(0)
                .setMessage(message)
                .setEvidence(evidence)
                .setWaitingOn(
                        type.equals("Paused") || type.equals("GateClosed") ? "person" : "time")
                .setAt(at);
    }

    static Evidence evidence(
            String check, double value, @Nullable Double min, @Nullable Double max) {
        boolean passes = (min == null || value >= min) && (max == null || value <= max);
        return Evidence.newBuilder()
                .setCheck(check)
                .setValue(value)
                .setMin(min)
                .setMax(max)
                .setVerdict(passes ? Verdict.PASS : Verdict.FAIL)
                .setBecause(passes ? "" : "%s is out of bounds".formatted(value))
                .build();
    }

    // ---- decisions

    private void decide(CanaryKey canary, Action action) {
        RolloutState before = view.find(canary).orElseThrow();
        String word = action.getAction().name().toLowerCase(Locale.ROOT);
        boolean done = outcome.equals("done");
        int sequence = (int) before.getSequence() + 1;
        boolean back = done && action.getAction() == ActionKind.ABORT;
        int weight = back ? 0 : before.getCanaryWeight();
        view.event(
                canary,
                made(
                                canary,
                                sequence,
                                done ? "Resumed" : "ActionRefused",
                                weight,
                                done
                                        ? word + " by " + action.getActor()
                                        : "there is no gate to pass",
                                Instant.now(),
                                List.of())
                        .setActor(action.getActor())
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId(action.getId())
                                        .setAction(word)
                                        .setOutcome(outcome)
                                        .setReason(action.getReason())
                                        .setPossible(List.of("pause", "abort"))
                                        .build())
                        .build());
        put(
                canary,
                RolloutState.newBuilder(before)
                        .setSequence(sequence)
                        .setCanaryWeight(weight)
                        .setWaitingFor("")
                        .setPhase(back ? "Failed" : before.getPhase())
                        .setPossibleActions(back ? List.of("retry") : ALL)
                        .setUpdatedAt(Instant.now()));
    }

    private static final ServiceHealth HEALTHY =
            new ServiceHealth() {
                @Override
                public boolean ready() {
                    return true;
                }

                @Override
                public boolean alive() {
                    return true;
                }

                @Override
                public String missing() {
                    return "";
                }
            };
}
