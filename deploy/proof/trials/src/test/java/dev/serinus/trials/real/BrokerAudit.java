package dev.serinus.trials.real;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** What Kafka's authorizer, in this process, says that it allowed and denied. */
final class BrokerAudit extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final Pattern DECISION =
            Pattern.compile(
                    "Principal = User:(\\S+) is (Allowed|Denied) operation = (\\w+) .*on resource ="
                            + " (\\w+):\\w+:(\\S+) for request = (\\w+) .*");

    private final Logger logger = (Logger) LoggerFactory.getLogger("kafka.authorizer.logger");
    private final Set<Right> allowed = new ConcurrentSkipListSet<>();
    private final Set<Right> denied = new ConcurrentSkipListSet<>();

    /** Something that an account tried. */
    record Right(String account, String operation, String type, String name)
            implements Comparable<Right> {

        @Override
        public int compareTo(Right other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return "%s %s %s %s".formatted(account, operation, type, name);
        }
    }

    private BrokerAudit() {}

    static BrokerAudit begin() {
        var audit = new BrokerAudit();
        audit.setContext(audit.logger.getLoggerContext());
        audit.start();
        audit.logger.setLevel(Level.DEBUG);
        audit.logger.addAppender(audit);
        return audit;
    }

    @Override
    protected void append(ILoggingEvent event) {
        var found = DECISION.matcher(event.getFormattedMessage());
        if (found.matches()) {
            var right = new Right(found.group(1), found.group(3), found.group(4), found.group(5));
            (found.group(2).equals("Allowed") ? allowed : denied).add(right);
        }
    }

    Collection<Right> allowed() {
        return Set.copyOf(allowed);
    }

    Collection<Right> denied() {
        return Set.copyOf(denied);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(null);
    }
}
