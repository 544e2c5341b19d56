package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.Samples;
import dev.serinus.analysis.rollout.Answer.Outcome;
import dev.serinus.analysis.rollout.Effect.Happened;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.RolloutEvent.ActionAsked;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Every action at every stage is done or refused with words, and the table in the documents is what
 * the machine says. With {@code -Dserinus.docs=write} it is written.
 */
class ActionsTableTest {

    private static final Path TABLE = Path.of("docs", "actions.md");

    private static final Spec SPEC =
            Specs.linear(
                    Specs.hook("start", HookType.CONFIRM_ROLLOUT),
                    Specs.hook("load", HookType.ROLLOUT),
                    Specs.hook("more", HookType.CONFIRM_TRAFFIC_INCREASE),
                    Specs.hook("end", HookType.CONFIRM_PROMOTION),
                    Specs.hook("post", HookType.POST_ROLLOUT),
                    Specs.hook("pre", HookType.PRE_ROLLOUT),
                    Specs.hook("back", HookType.ROLLBACK));

    private static final Freeze FREEZE =
            new Freeze(
                    "weekend",
                    "",
                    SimulatedCluster.START,
                    SimulatedCluster.START.plus(Duration.ofDays(2)),
                    "Monday",
                    List.of(Point.values()));

    /** What it says of each action, by its word. */
    private record Row(String stage, Map<Action, String> answers) {}

    @Test
    void theTableIsWhatTheMachineSays() throws Exception {
        String table = table(rows());
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            Files.writeString(TABLE, table);
        }

        assertThat(Files.readString(TABLE, UTF_8)).isEqualTo(table);
    }

    /** The timer behind a pause, of pods, an interval or an answer, ends no pause. */
    @Test
    void whatPeopleHoldHasNoEndByItself() {
        var pause = new Rollout.Pause("ada", "", SimulatedCluster.START);

        assertThat(at(waiting(new Awaited.FirstStep())).deadline()).isPresent();
        stages().forEach(
                        (label, stage) -> {
                            var r = at(stage);
                            if (!r.manifest().deleting()) {
                                assertThat(r.withPause(pause).deadline()).as(label).isEmpty();
                                assertThat(suspended(r).deadline()).as(label).isEmpty();
                            }
                        });
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        stages().forEach((label, stage) -> rows.add(row(label, at(stage))));
        var interval = at(waiting(new Awaited.Interval(new Awaited.Reason.Arrived())));
        var gate = at(waiting(new Awaited.OpenGate(Point.ADVANCE, "more", "it says no")));
        var pause = new Rollout.Pause("ada", "", SimulatedCluster.START);
        rows.add(row("Waiting: Interval, no traffic yet", interval.with(interval.run().at(0))));
        rows.add(row("Waiting: Interval, paused", interval.withPause(pause)));
        rows.add(row("Waiting: OpenGate ADVANCE, paused", gate.withPause(pause)));
        rows.add(row("Resting, paused", at(new Stage.Resting()).withPause(pause)));
        rows.add(row("Waiting: Interval, suspended", suspended(interval)));
        for (Point point : Point.values()) {
            Part from = point == Point.START ? Part.START : Part.ANALYSIS;
            var decision = failed(from, new WaitingGate(point, hook(point)));
            rows.add(row("Waiting: Decision, of a gate, " + point, decision));
        }
        rows.add(row("Waiting: Decision, paused", failed(Part.ANALYSIS, null).withPause(pause)));
        return rows;
    }

    /** The analysis failed, and people are to decide. */
    private static Rollout failed(Part from, @Nullable WaitingGate gate) {
        return failed(at(waiting(new Awaited.Decision(from))), gate);
    }

    private static Rollout failed(Rollout r, @Nullable WaitingGate gate) {
        return r.with(r.run().failing(new Run.Failure("it failed", SimulatedCluster.START, gate)));
    }

    private static Row row(String label, Rollout r) {
        Map<Action, String> answers = new LinkedHashMap<>();
        for (Action action : Action.values()) {
            answers.put(action, answer(r, action));
        }
        return new Row(label, answers);
    }

    private static String answer(Rollout r, Action action) {
        var at = SimulatedCluster.START.plus(Duration.ofDays(1));
        var asked = new ActionAsked(at, "ada", action, "", 0, "id", "", 0, at);
        List<Happened> answers =
                RolloutMachine.next(r, asked).effects().stream()
                        .filter(Happened.class::isInstance)
                        .map(Happened.class::cast)
                        .filter(one -> one.answer() != null)
                        .toList();
        assertThat(answers).as("%s at %s", action, r.stage()).hasSize(1);
        var answer = Objects.requireNonNull(answers.getFirst().answer());
        String words = answers.getFirst().message();
        return answer.outcome() == Outcome.DONE
                ? "done"
                : answer.outcome() == Outcome.UNCHANGED ? "unchanged" : sentence(words);
    }

    /** What is said of the stage itself is left out, as it is in its row. */
    private static String sentence(String words) {
        String refusal = words.substring(words.indexOf("refused: ") + "refused: ".length());
        return refusal.startsWith("it ") || refusal.startsWith("nobody ")
                ? refusal
                : refusal.replaceFirst(": .*", " (and what goes on)");
    }

    // ---- a rollout at each stage

    private static Map<String, Stage> stages() {
        Map<String, Stage> all = new LinkedHashMap<>();
        all.put("Unknown", new Stage.Unknown());
        all.put("InitializationFailed", new Stage.InitializationFailed("late"));
        all.put("Resting", new Stage.Resting());
        cases(Awaited.class).forEach(type -> addWait(all, type));
        cases(Question.class).forEach(type -> addQuestion(all, type));
        all.put("Terminated", new Stage.Terminated());
        return all;
    }

    private static void addWait(Map<String, Stage> all, Class<?> type) {
        String label = "Waiting: " + type.getSimpleName();
        if (type == Awaited.OpenGate.class) {
            for (Point point : Point.values()) {
                var gate = new Awaited.OpenGate(point, hook(point), "it says no");
                all.put(label + " " + point, waiting(gate));
            }
        } else if (type == Awaited.FreezeEnd.class) {
            for (Point point : Point.values()) {
                all.put(label + " " + point, waiting(new Awaited.FreezeEnd(point, FREEZE)));
            }
        } else if (type == Awaited.Decision.class) {
            all.put(label, waiting(new Awaited.Decision(Part.ANALYSIS)));
        } else if (type == Awaited.PrimaryAgain.class) {
            for (Part from : List.of(Part.ANALYSIS, Part.PROMOTION)) {
                all.put(label + " " + from, waiting(new Awaited.PrimaryAgain(from)));
            }
        } else if (type == Awaited.Release.class) {
            all.put(label, waiting(new Awaited.Release(new Next.Tick())));
        } else {
            all.put(label, waiting((Awaited) new Samples(1, false).of(type)));
        }
    }

    private static String hook(Point point) {
        return switch (point) {
            case START -> "start";
            case ADVANCE -> "more";
            case PROMOTE -> "end";
        };
    }

    private static void addQuestion(Map<String, Stage> all, Class<?> type) {
        String label = "Asking: " + type.getSimpleName();
        if (type == Question.CallHook.class) {
            for (int place = 0; place < SPEC.hooks().size(); place++) {
                var hook = SPEC.hooks().get(place).type();
                if (hook.answers()
                        && !(hook.meaning() instanceof HookType.Meaning.DemandsRollback)) {
                    all.put(label + " " + hook.word(), asking(new Question.CallHook(hook, place)));
                }
            }
        } else if (type == Question.AskForRollback.class) {
            int place = SPEC.hooks().size() - 1;
            all.put(
                    label,
                    asking(
                            new Question.AskForRollback(
                                    HookType.ROLLBACK, place, new Next.Check())));
        } else if (type == Question.Retreat.class) {
            all.put(label, asking(new Question.Retreat(Part.ANALYSIS)));
        } else if (type == Question.Rescue.class) {
            all.put(label, asking(new Question.Rescue(Part.ANALYSIS)));
        } else {
            all.put(label, asking((Question) new Samples(1, false).of(type)));
        }
    }

    private static Stage waiting(Awaited awaited) {
        var later = SimulatedCluster.START.plus(Duration.ofDays(2));
        return new Stage.Waiting(awaited, new Wait(900, SimulatedCluster.START, later, null));
    }

    private static Stage asking(Question question) {
        var later = SimulatedCluster.START.plus(Duration.ofDays(2));
        return new Stage.Asking(question, new Ask(900, 1, SimulatedCluster.START, later, 0, null));
    }

    /** One at its first weight whose pods are all ready, taken to this stage. */
    private static Rollout at(Stage stage) {
        var cluster =
                SimulatedCluster.initialized(
                        stage.awaited() instanceof Awaited.GroupReady
                                ? GroupGateTest.grouped(SPEC, GateLimit.OnTimeout.FAIL)
                                : SPEC);
        cluster.hooks = (name, _) -> !name.equals("back");
        cluster.image("b");
        cluster.run(Duration.ofSeconds(5));
        var run = cluster.rollout.run();
        boolean first =
                stage.question() instanceof Question.CallHook(var type, var _)
                        && type == HookType.PRE_ROLLOUT;
        var staged =
                cluster.rollout.with(first ? run.at(0) : run).with(stage).with(phase(stage.part()));
        var ruled =
                stage.awaited() instanceof Awaited.FreezeEnd
                        ? Permits.with(staged, new FleetRules(List.of(), List.of(FREEZE)))
                        : staged;
        var r = stage.awaited() instanceof Awaited.Decision ? failed(ruled, null) : ruled;
        if (stage.part() == Part.DELETION) {
            var m = r.manifest();
            return r.with(
                    new Manifest(m.uid(), m.generation(), m.spec(), true, true, List.of(), null));
        }
        return stage instanceof Stage.Unknown
                ? Rollout.of(r.canary())
                        .with(
                                new Manifest(
                                        r.uid(),
                                        0,
                                        null,
                                        false,
                                        false,
                                        List.of(new RolloutEvent.Problem("spec", "is wrong")),
                                        null))
                : r;
    }

    private static Rollout suspended(Rollout r) {
        var m = r.manifest();
        var spec = Specs.edited(SPEC, true, SPEC.threshold());
        return r.with(new Manifest(m.uid(), m.generation(), spec, true, false, List.of(), null));
    }

    private static Phase phase(Part part) {
        return switch (part) {
            case NONE -> Phase.NONE;
            case INITIALIZATION -> Phase.INITIALIZING;
            case REST, END -> Phase.SUCCEEDED;
            case START -> Phase.WAITING;
            case ANALYSIS, ROLLBACK -> Phase.PROGRESSING;
            case PROMOTION -> Phase.PROMOTING;
            case DELETION -> Phase.TERMINATING;
        };
    }

    private static Stream<Class<?>> cases(Class<?> choice) {
        return choice.isSealed()
                ? Stream.of(choice.getPermittedSubclasses()).flatMap(ActionsTableTest::cases)
                : Stream.of(choice);
    }

    // ---- the table

    private static String table(List<Row> rows) {
        List<String> refusals =
                rows.stream()
                        .flatMap(row -> row.answers().values().stream())
                        .filter(words -> !words.equals("done") && !words.equals("unchanged"))
                        .distinct()
                        .toList();
        var text = new StringBuilder();
        text.append(
                """
                # What people can ask for, at each stage

                Generated from the machine by `ActionsTableTest`, of a canary whose pods are all ready. A number is the sentence below with which an action is refused;
                `unchanged` is what is so already. Where pods are not ready, `promote` and `skip` are refused. While the Canary is being deleted nothing is done.
                What was asked for more than 10 minutes before it is taken is refused as outdated, but for `pause`, and for `resume` (unless a failure is held) and `abort` of the run that goes on.

                """);
        text.append("| stage |");
        Stream.of(Action.values())
                .forEach(action -> text.append(' ').append(action.word()).append(" |"));
        text.append('\n')
                .append("|---|")
                .append("---|".repeat(Action.values().length))
                .append('\n');
        for (Row row : rows) {
            text.append("| ").append(row.stage()).append(" |");
            row.answers()
                    .values()
                    .forEach(words -> text.append(' ').append(cell(refusals, words)).append(" |"));
            text.append('\n');
        }
        text.append('\n');
        for (int i = 0; i < refusals.size(); i++) {
            text.append("%d. %s%n".formatted(i + 1, refusals.get(i)));
        }
        return text.toString();
    }

    private static String cell(List<String> refusals, String words) {
        int place = refusals.indexOf(words);
        return place < 0 ? words : String.valueOf(place + 1);
    }
}
