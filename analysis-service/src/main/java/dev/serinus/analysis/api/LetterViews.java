package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What the API answers about records that were set aside. */
final class LetterViews {

    private LetterViews() {}

    /**
     * Many letters, the latest first.
     *
     * @param whole false where the look ended before it had found as many as were asked for, or
     *     where nobody can be told how to go on
     * @param lookedBackTo of what is later all was found; null where the page is full or the last
     * @param more how to ask for those that follow; null where these are the last
     */
    record LettersView(
            int count,
            List<LetterView> letters,
            boolean whole,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant lookedBackTo,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {
        LettersView {
            letters = List.copyOf(letters);
        }
    }

    /**
     * One letter.
     *
     * @param namespace of the canary that it is about; null, as the name, where that is not known
     * @param reason why it was set aside, as far as the caller may know
     * @param kind the last part of its topic's name; null where it is none of ours
     * @param bytes of the record's value; 0 where it has none
     * @param cut only the beginning of the record was kept
     * @param readable false where the letter itself cannot be read
     */
    record LetterView(
            String id,
            String cluster,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String namespace,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String name,
            Instant at,
            String service,
            String reason,
            String topic,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String kind,
            int partition,
            long offset,
            int bytes,
            boolean cut,
            boolean readable) {

        static LetterView of(KeptLetter kept, String reason) {
            byte[] value = kept.value();
            Integer whole = kept.letter().getCutFrom();
            return new LetterView(
                    kept.id().toString(),
                    kept.id().cluster(),
                    kept.canary().map(CanaryKey::namespace).orElse(null),
                    kept.canary().map(CanaryKey::name).orElse(null),
                    kept.letter().getAt(),
                    kept.service(),
                    reason,
                    KeptLetter.printable(kept.letter().getTopic()),
                    kept.kind().map(TopicKind::suffix).orElse(null),
                    kept.letter().getPartition(),
                    kept.letter().getOffset(),
                    whole != null ? whole : value == null ? 0 : value.length,
                    kept.isCut(),
                    kept.readable());
        }
    }

    /**
     * All of one letter.
     *
     * @param record what lay in it, as JSON; null where it cannot be read, has no value, or where
     *     nobody has to log in and others than this machine are served
     * @param beginning its first bytes in hexadecimal digits where it cannot be read; null for who
     *     may not see the whole cluster, since nobody knows whom they are about
     * @param unreadable why it cannot be read, as far as the caller may know; empty where it can
     * @param refusal why it may not be put on its topic once more; empty where it may
     * @param allowedActions what the rules let the caller do with it
     */
    record LetterDetail(
            @JsonUnwrapped LetterView letter,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String record,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String beginning,
            String unreadable,
            String refusal,
            List<String> allowedActions) {
        LetterDetail {
            allowedActions = List.copyOf(allowedActions);
        }
    }

    /** What became of a letter that was to be put on its topic once more. */
    record ReplayView(String id, String outcome, String message) {}
}
