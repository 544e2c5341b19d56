package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertSituation;

import java.util.Optional;
import java.util.regex.Pattern;

/** A gate that somebody has to open, in words: which it is, how, and what happens otherwise. */
final class GateText {

    /**
     * No shell reads anything into it: a manifest writes the name, and people paste the command.
     */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private static final String APPROVE = "approve";

    private GateText() {}

    /** Empty where no gate is closed. */
    static Optional<String> of(Subject subject) {
        AlertSituation it = subject.situation();
        if (it == null || it.getClosedGate().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s is closed. It opens when its webhook says yes%s. %s"
                        .formatted(
                                it.getClosedGate(), people(subject, it), otherwise(subject, it)));
    }

    private static String people(Subject subject, AlertSituation it) {
        if (!it.getPossible().contains(APPROVE)) {
            return "";
        }
        String command =
                PLAIN.matcher(it.getClosedGate()).matches()
                        ? ", by deploy/serinus approve %s --gate %s"
                                .formatted(subject.canary(), it.getClosedGate())
                        : "";
        String link = subject.link() == null ? "" : ", or in the dashboard: " + subject.link();
        return command + link;
    }

    private static String otherwise(Subject subject, AlertSituation it) {
        if (it.getClosedUntil() == null) {
            return "Until then the release waits, however long.";
        }
        return "When it is still closed after %s, the release %s."
                .formatted(
                        SituationText.from(subject, it.getClosedUntil()),
                        switch (it.getClosedThen()) {
                            case "proceed" -> "goes on without it";
                            case "fail" -> "is taken back";
                            case "hold" -> "is held for people";
                            default -> "ends its wait";
                        });
    }
}
