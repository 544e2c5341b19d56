package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.Severity;

import java.util.List;

/**
 * One thing to tell.
 *
 * @param key the same for the same thing told to the same receiver, whoever tells it and how often
 * @param canary {@code NAME.NAMESPACE}, shown as the author or title
 * @param fields titled values, in order
 */
public record Message(
        String key, String canary, Severity severity, String text, List<AlertField> fields) {
    public Message {
        fields = List.copyOf(fields);
    }
}
