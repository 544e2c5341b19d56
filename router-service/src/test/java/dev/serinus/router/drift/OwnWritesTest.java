package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import java.util.List;

@Isolated("the log is that of all tests which run at the time")
class OwnWritesTest {

    /** Whoever reads the log looks for somebody else otherwise. */
    @Test
    void whatTheRouterLeadsOnItselfIsNotSaidToBeSomebodyElses() {
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(Drift.class);
        log.start();
        logger.addAppender(log);
        var routes = new SteeredRoutesTest();
        try {
            routes.anotherRouteIsNamed();
        } finally {
            routes.close();
            logger.detachAppender(log);
        }
        assertThat(List.copyOf(log.list))
                .extracting(ILoggingEvent::getMessage)
                .contains("made as it has to be")
                .doesNotContain("repaired what somebody else changed");
    }
}
