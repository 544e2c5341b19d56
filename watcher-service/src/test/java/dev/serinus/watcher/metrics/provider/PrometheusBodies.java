package dev.serinus.watcher.metrics.provider;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    /** A series for each of these lists of pairs of a time and a value. */
    static String matrix(String... series) {
        return result(
                "matrix",
                Arrays.stream(series)
                        .map("{\"metric\":{},\"values\":[%s]}"::formatted)
                        .collect(Collectors.joining(",")));
    }

    /** One series with a value for each minute until the end of the span of the contract. */
    static String minutes(double... values) {
        return matrix(
                IntStream.range(0, values.length)
                        .mapToObj(
                                i ->
                                        "[%d,\"%s\"]"
                                                .formatted(
                                                        RangeContract.end(values.length, i)
                                                                .getEpochSecond(),
                                                        values[i]))
                        .collect(Collectors.joining(",")));
    }

    private static String result(String type, String series) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[%s]}}"
                .formatted(type, series);
    }
}
