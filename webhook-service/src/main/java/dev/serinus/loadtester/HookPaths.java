package dev.serinus.loadtester;

import dev.serinus.loadtester.gate.GateKind;
import dev.serinus.loadtester.gate.GatePath;
import dev.serinus.loadtester.gate.GatePath.Does;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be said of hooks at the paths of gates: whether their type fits what is there. */
final class HookPaths {

    private static final String ALWAYS = "is answered 2xx whoever asks, so that ";

    private HookPaths() {}

    /** What is wrong with a hook's address, for its type; empty where nothing is. */
    static Optional<String> problem(HookType type, String path) {
        return GatePath.of(path).map(gate -> misplaced(type, gate)).orElseGet(() -> unknown(path));
    }

    private static Optional<String> unknown(String path) {
        return GatePath.isMistaken(path)
                ? Optional.of(
                        "there is no %s: what comes to it is taken for a test, and refused where metadata does not say which; gates are at %s"
                                .formatted(path, paths(each -> true)))
                : Optional.empty();
    }

    private static Optional<String> misplaced(HookType type, GatePath gate) {
        return switch (type.meaning()) {
            case Meaning.Confirms _ -> confirming(type, gate);
            case Meaning.DemandsRollback _ -> demanding(type, gate);
            case Meaning.Check _, Meaning.BeforeTraffic _ -> judged(gate);
            case Meaning.AfterTheEnd _, Meaning.IsTold _ -> Optional.empty();
        };
    }

    private static Optional<String> confirming(HookType type, GatePath gate) {
        return switch (gate.does()) {
            case OPEN, CLOSE ->
                    Optional.of(
                            "%s %s%s opens at once and nobody is asked; a gate is asked at %s"
                                    .formatted(
                                            gate.path(),
                                            ALWAYS,
                                            type.word(),
                                            asked(GateKind.GATE)));
            case ASK ->
                    gate.kind() == GateKind.GATE
                            ? Optional.empty()
                            : Optional.of(
                                    "%s is open while the release is to be taken back; a gate of type %s is asked at %s"
                                            .formatted(
                                                    gate.path(),
                                                    type.word(),
                                                    asked(GateKind.GATE)));
            case PASS, FAIL -> Optional.empty(); // as their names say
        };
    }

    private static Optional<String> demanding(HookType type, GatePath gate) {
        return switch (gate.does()) {
            case OPEN, CLOSE, PASS ->
                    Optional.of(
                            "%s %severy release is taken back at its first check by type %s; whether to take it back is asked at %s"
                                    .formatted(
                                            gate.path(),
                                            ALWAYS,
                                            type.word(),
                                            asked(GateKind.ROLLBACK)));
            case ASK ->
                    gate.kind() == GateKind.ROLLBACK
                            ? Optional.empty()
                            : Optional.of(
                                    "%s is the gate that lets releases go on, and type %s takes them back while it is open; whether to take one back is asked at %s"
                                            .formatted(
                                                    gate.path(),
                                                    type.word(),
                                                    asked(GateKind.ROLLBACK)));
            case FAIL -> Optional.empty();
        };
    }

    /** Turning a gate before a release is work like any other. */
    private static Optional<String> judged(GatePath gate) {
        return gate.does() == Does.ASK || gate.does() == Does.FAIL
                ? Optional.of(
                        "%s fails the check while it is closed, and enough of these take the release back; a gate that is waited for is of type %s"
                                .formatted(gate.path(), confirming()))
                : Optional.empty();
    }

    private static String confirming() {
        return Stream.of(HookType.values())
                .filter(type -> type.meaning() instanceof Meaning.Confirms)
                .map(HookType::word)
                .collect(Collectors.joining(", "));
    }

    private static String asked(GateKind kind) {
        return paths(each -> each.kind() == kind && each.does() == Does.ASK);
    }

    private static String paths(Predicate<GatePath> those) {
        return Stream.of(GatePath.values())
                .filter(those)
                .map(GatePath::path)
                .collect(Collectors.joining(", "));
    }
}
