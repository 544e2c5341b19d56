package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class InputLagTest {

    private static final TopicPartition CHANGES = new TopicPartition("serinus.west.changes", 0);
    private static final TopicPartition ACTIONS = new TopicPartition("serinus.actions", 1);

    @Test
    void whatKafkaTellsUnderTwoNamesCountsOnce() {
        var metrics =
                List.of(
                        lag("main-consumer", "serinus.west.changes", 0, 3),
                        lag("main-consumer", "serinus_west_changes", 0, 3),
                        lag("main-consumer", "serinus.actions", 1, 4),
                        lag("restore-consumer", "serinus.actions", 1, 900));

        assertThat(InputLag.of(metrics, Set.of(CHANGES, ACTIONS))).hasValue(7);
    }

    @Test
    void nothingIsKnownWhereOnePartitionIsNot() {
        var known = lag("main-consumer", "serinus.west.changes", 0, 3);
        var unknown = lag("main-consumer", "serinus.actions", 1, Double.NaN);

        assertThat(InputLag.of(List.of(known), Set.of(CHANGES, ACTIONS))).isEmpty();
        assertThat(InputLag.of(List.of(known, unknown), Set.of(CHANGES, ACTIONS))).isEmpty();
        assertThat(InputLag.of(List.of(known), Set.of())).isEmpty();
    }

    private static Metric lag(String client, String topic, int partition, double value) {
        var name =
                new MetricName(
                        "records-lag",
                        "consumer-fetch-manager-metrics",
                        "",
                        Map.of("client-id", client, "topic", topic, "partition", "" + partition));
        return new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        };
    }
}
