package dev.serinus.analysis.stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;

/**
 * What happens when a record cannot be sent: the transaction is given up and its inputs are taken
 * again, never skipped. A topic that vanished under a running hub ends the same way, and the next
 * time its cluster is found incomplete before anything is decided. So does a record that a broker
 * finds too large: the next time what it follows from is set aside. Public only for Kafka, which
 * makes it by name.
 */
public final class FailedSend implements ProductionExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(FailedSend.class);

    private @Nullable Clusters clusters;
    private @Nullable SizeLimits limits;

    @Override
    public void configure(Map<String, ?> configuration) {
        clusters = (Clusters) configuration.get(StreamsSettings.CLUSTERS);
        limits = (SizeLimits) configuration.get(StreamsSettings.LIMITS);
    }

    private static boolean isTooLarge(Exception exception) {
        return exception instanceof RecordTooLargeException
                || exception instanceof RecordBatchTooLargeException;
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context,
            ProducerRecord<byte[], byte[]> record,
            Exception exception) {
        if (clusters != null) {
            clusters.doubt();
        }
        if (limits != null && isTooLarge(exception)) {
            limits.refused(
                    record.topic(),
                    SizeLimits.size(record.key(), record.value(), record.headers()));
        }
        log.atWarn()
                .setCause(exception)
                .addKeyValue("topic", record.topic())
                .log("record not sent: its input will be taken again");
        return exception instanceof RetriableException ? Response.retry() : Response.fail();
    }
}
