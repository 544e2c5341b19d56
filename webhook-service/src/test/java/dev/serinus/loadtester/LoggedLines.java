package dev.serinus.loadtester;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All that is logged while it is open. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    /** From now on. */
    public LoggedLines() {
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getFormattedMessage() + " " + event.getKeyValuePairs();
        lines.add(line);
        if (event.getLevel() == Level.WARN) {
            warnings.add(line);
        }
    }

    /** How often this was logged. */
    public long count(String message) {
        return lines.stream().filter(line -> line.startsWith(message + " ")).count();
    }

    /** Those that were warned of by this message. */
    List<String> warnings(String message) {
        return warnings.stream().filter(line -> line.startsWith(message + " ")).toList();
    }

    String all() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        root.detachAppender(this);
    }
}
