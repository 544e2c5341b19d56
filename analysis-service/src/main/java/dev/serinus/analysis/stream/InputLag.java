package dev.serinus.analysis.stream;

import static java.util.stream.Collectors.toMap;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** How many records of inputs were not taken yet, as the consumers knew last. */
final class InputLag {

    private InputLag() {}

    /**
     * In all of these partitions. Empty where nothing is known of one of them, and where there are
     * none.
     *
     * @param metrics of the consumers; they tell the lag of a topic with dots under a second name
     *     as well, with underscores
     */
    static OptionalLong of(Collection<? extends Metric> metrics, Set<TopicPartition> partitions) {
        Map<TopicPartition, Double> lags =
                metrics.stream()
                        .filter(InputLag::isOfAPartition)
                        .collect(
                                toMap(
                                        InputLag::partition,
                                        each -> (Double) each.metricValue(),
                                        Math::max));
        var found =
                partitions.stream()
                        .mapToDouble(each -> lags.getOrDefault(each, Double.NaN))
                        .toArray();
        long sum = 0;
        for (double lag : found) {
            if (Double.isNaN(lag)) {
                return OptionalLong.empty();
            }
            sum += (long) lag;
        }
        return found.length == 0 ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    /** Restoring a store is no work that waits. */
    private static boolean isOfAPartition(Metric metric) {
        var tags = metric.metricName().tags();
        return metric.metricName().name().equals("records-lag")
                && tags.containsKey("topic")
                && tags.containsKey("partition")
                && !tags.getOrDefault("client-id", "").contains("restore-consumer")
                && metric.metricValue() instanceof Double;
    }

    private static TopicPartition partition(Metric lag) {
        var tags = lag.metricName().tags();
        return new TopicPartition(
                tags.getOrDefault("topic", ""),
                Integer.parseInt(tags.getOrDefault("partition", "")));
    }
}
