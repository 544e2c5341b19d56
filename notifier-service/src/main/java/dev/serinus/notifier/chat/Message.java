package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Severity;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing to tell.
 *
 * @param key the same for the same thing told to the same receiver, whoever tells it and how often
 * @param canary {@code NAME.NAMESPACE}, shown as the author or title
 * @param written the text is in the markup of the receiver, since the provider's author wrote it
 * @param fields titled values, in order
 * @param missed what this receiver did not take before, likewise
 * @param subject what it is about
 */
public record Message(
        String key,
        String canary,
        Severity severity,
        String text,
        boolean written,
        List<AlertField> fields,
        List<AlertField> missed,
        Subject subject) {

    private static final int MOST_WORDS = 10;

    public Message {
        fields = List.copyOf(fields);
        missed = List.copyOf(missed);
    }

    /** A sentence that says nothing but itself. */
    public Message(
            String key, String canary, Severity severity, String text, List<AlertField> fields) {
        this(key, canary, severity, text, false, fields, List.of(), Subject.unknown());
    }

    /** The same about an incident that was opened before. */
    public Message ofIncident(String incident) {
        return new Message(
                key, canary, severity, text, written, fields, missed, subject.ofIncident(incident));
    }

    /** The same in the words, and the markup, of the provider's author. */
    public Message saying(String words) {
        return new Message(key, canary, severity, words, true, List.of(), missed, subject);
    }

    /** The same with other fields. */
    public Message with(List<AlertField> others) {
        return new Message(key, canary, severity, text, written, others, missed, subject);
    }

    /** All titled values, what was missed at the end. */
    List<AlertField> titled() {
        return Stream.concat(fields.stream(), missed.stream()).toList();
    }

    /**
     * The same with what failed without a value or numbers, as a hook does, in its words: ten of
     * them, and 300 characters of each. Services that Flagger knows too are told as it tells them,
     * without.
     */
    List<AlertField> explainedFields() {
        Stream<AlertField> words =
                subject.evidence().stream()
                        .filter(each -> !written && each.getFailed())
                        .filter(each -> each.getValue() == null && each.getReport() == null)
                        .limit(MOST_WORDS)
                        .map(each -> new AlertField(each.getCheck(), Subject.found(each)));
        return Stream.of(fields.stream(), words, missed.stream())
                .flatMap(Function.identity())
                .toList();
    }

    /**
     * True for what a pager is told: trouble and its end, and whatever else is an error; nothing of
     * a dry run.
     */
    boolean isForPagers() {
        boolean counts =
                severity == Severity.ERROR
                        || subject.status().isTrouble()
                        || subject.status().isGood();
        return counts && !subject.dryRun();
    }

    /**
     * The sentence with what the checks found, one line for each that failed, and who is served.
     */
    String explained() {
        var all = new StringBuilder(text);
        subject.failed().forEach(line -> all.append('\n').append(line));
        subject.standing()
                .forEach(
                        each ->
                                all.append('\n')
                                        .append(each.getName())
                                        .append(": ")
                                        .append(each.getValue()));
        return all.toString();
    }

    /** The beginning of a text for a field of a fixed length. */
    static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
