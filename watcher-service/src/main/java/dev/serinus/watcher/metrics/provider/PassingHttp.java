package dev.serinus.watcher.metrics.provider;

/** One that hands on to another, in the name and within the limits of that one. */
interface PassingHttp extends ProviderHttp {

    /** The one that is handed on to. */
    ProviderHttp http();

    @Override
    default String namespace() {
        return http().namespace();
    }

    @Override
    default String canary() {
        return http().canary();
    }

    @Override
    default <T> T inTurn(Work<T> work) throws NoReply, InterruptedException {
        return http().inTurn(work);
    }
}
