package dev.serinus.analysis.fleet;

import org.apache.kafka.common.Metric;

import java.util.Collection;

/** Whether Kafka answers consumers, by what these count themselves. */
public final class BrokerResponses {

    private BrokerResponses() {}

    /**
     * False where one of the consumers that have these metrics got no response within their window,
     * which is a minute where it is not set otherwise; also where there is no consumer. One that
     * has nothing to read gets responses several times a second.
     */
    public static boolean come(Collection<? extends Metric> metrics) {
        var rates =
                metrics.stream()
                        .filter(BrokerResponses::isOfAConsumer)
                        .map(Metric::metricValue)
                        .toList();
        return !rates.isEmpty()
                && rates.stream().allMatch(each -> each instanceof Double rate && rate > 0);
    }

    /** One that restores a store is idle otherwise. */
    private static boolean isOfAConsumer(Metric metric) {
        var name = metric.metricName();
        return name.name().equals("response-rate")
                && name.group().equals("consumer-metrics")
                && !name.tags().getOrDefault("client-id", "").contains("restore-consumer");
    }
}
