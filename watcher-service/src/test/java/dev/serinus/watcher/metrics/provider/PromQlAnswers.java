package dev.serinus.watcher.metrics.provider;

/** Those of a cloud's managed Prometheus, which takes one series alone. */
interface PromQlAnswers extends ProviderAnswers, RangeContract {

    @Override
    default String query() {
        return "sum(rate(errors_total[1m]))";
    }

    /** The newest alone is one series. */
    @Override
    default String measured(double... values) {
        return PrometheusBodies.vector(values[values.length - 1]);
    }

    @Override
    default String series(double... values) {
        return PrometheusBodies.minutes(values);
    }

    @Override
    default String twoSeries() {
        return PrometheusBodies.matrix("[1,\"5\"]", "[1,\"7\"]");
    }

    @Override
    default String nothing() {
        return PrometheusBodies.vector();
    }

    @Override
    default String healthy() {
        return PrometheusBodies.vector(1);
    }
}
