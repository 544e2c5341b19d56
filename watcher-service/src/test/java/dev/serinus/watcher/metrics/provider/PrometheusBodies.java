package dev.serinus.watcher.metrics.provider;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Answers of Prometheus's query API. */
final class PrometheusBodies {

    private PrometheusBodies() {}

    /** One series for each value, all of one moment. */
    static String vector(double... values) {
        return result(
                "vector",
                Arrays.stream(values)
                        .mapToObj("{\"metric\":{},\"value\":[1772359200,\"%s\"]}"::formatted)
                        .collect(Collectors.joining(",")));
    }

    /** One series of these pairs of a time and a value. */
    static String matrix(String pairs) {
        return result("matrix", "{\"metric\":{},\"values\":[" + pairs + "]}");
    }

    private static String result(String type, String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[%s]}}"
                .formatted(type, series);
    }
}
