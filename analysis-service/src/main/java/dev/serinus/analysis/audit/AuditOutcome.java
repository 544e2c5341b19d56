package dev.serinus.analysis.audit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What became of what somebody asked, as an entry of the audit says it. */
public enum AuditOutcome {
    DONE("done"),
    /** It was so already. */
    UNCHANGED("unchanged"),
    /** It is not decided yet. */
    UNDERWAY("underway"),
    /** It made no sense then. */
    REFUSED("refused"),
    /** More had happened than the actor had seen. */
    OUTDATED("outdated"),
    /** Somebody else did something later. */
    OVERTAKEN("overtaken"),
    /** Kafka did not take it in time. */
    UNSENT("unsent"),
    /** The rollouts were still being read. */
    NOT_READY("not-ready"),
    /** The Idempotency-Key was that of something else. */
    KEY_USED("key-used"),
    /** There was no such rollout any more. */
    UNKNOWN("unknown"),
    NOT_ALLOWED("not-allowed"),
    /** Nobody knew who it was. */
    LOGIN("login"),
    /** Nobody could say who it was. */
    PROVIDER("provider"),
    /** It came from a page of another site, or where nobody logs in. */
    ORIGIN("origin"),
    /** It came too often. */
    RATE("rate");

    private final String word;

    AuditOutcome(String word) {
        this.word = word;
    }

    /** As it is kept and shown. */
    public String word() {
        return word;
    }

    /** True where it came to an end as it was asked for, or may yet: why is no matter then. */
    public boolean isAsAsked() {
        return this == DONE || this == UNCHANGED || this == UNDERWAY;
    }

    /** All that there are. */
    public static List<String> words() {
        return Stream.of(values()).map(AuditOutcome::word).toList();
    }

    /** The one of this word; empty where there is none. */
    public static Optional<AuditOutcome> of(String word) {
        return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
    }
}
