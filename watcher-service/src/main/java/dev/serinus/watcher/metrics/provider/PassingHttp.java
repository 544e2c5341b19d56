package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.SocketMessage;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** One that hands on to another, in the name and within the limits of that one. */
interface PassingHttp extends ProviderHttp {

    /** The one that is handed on to. */
    ProviderHttp http();

    /** What is handed on in place of a request. */
    default Request given(Request request) {
        return request;
    }

    @Override
    default Reply send(Request request) throws NoReply, InterruptedException {
        return http().send(given(request));
    }

    @Override
    default <T> T read(Request request, Function<Reply, T> reader)
            throws NoReply, InterruptedException {
        return http().read(given(request), reader);
    }

    @Override
    default Reply converse(Request request, List<String> said, Predicate<SocketMessage> more)
            throws NoReply, InterruptedException {
        return http().converse(given(request), said, more);
    }

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
