package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

/** The client that providers have in a running watcher, without a proxy. */
public final class GuardedHttpForTests implements AutoCloseable {

    private final Http http;

    public GuardedHttpForTests(int largestAnswer) {
        http = new Http(new AddressGuard(false), Proxies.none(), largestAnswer);
    }

    public ProviderHttp http() {
        return new GuardedHttp(http);
    }

    @Override
    public void close() {
        http.close();
    }
}
