package dev.serinus.schemas.shell;

import ch.qos.logback.classic.spi.ILoggingEvent;

import com.fasterxml.jackson.core.JsonGenerator;

import net.logstash.logback.composite.AbstractJsonProvider;

import org.slf4j.event.KeyValuePair;

import java.io.IOException;
import java.util.List;

/**
 * Writes each key of a line of the log as a field of its own: numbers and truth as such, all else
 * as the text that a terminal shows. The library's own provider would write objects field by field,
 * also those that are not for a log.
 */
public final class KeysAsFields extends AbstractJsonProvider<ILoggingEvent> {

    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (var pair : pairs) {
            json.writeFieldName(pair.key);
            if (pair.value instanceof Number || pair.value instanceof Boolean) {
                json.writeObject(pair.value);
            } else {
                json.writeString(String.valueOf(pair.value));
            }
        }
    }
}
