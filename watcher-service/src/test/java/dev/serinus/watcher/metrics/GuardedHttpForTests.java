package dev.serinus.watcher.metrics;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.metrics.provider.ProviderHttp;

import java.time.InstantSource;

/** The client that providers have in a running watcher, without a proxy. */
public final class GuardedHttpForTests implements AutoCloseable {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");

    private final OutgoingClient client =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(20));
    private final BackendPauses pauses = new BackendPauses(InstantSource.system());
    private final Backends backends = BackendsTest.unlimited();
    private final int largestAnswer;

    public GuardedHttpForTests(int largestAnswer) {
        this.largestAnswer = largestAnswer;
    }

    public ProviderHttp http() {
        return new GuardedHttp(client, backends, pauses, CANARY, largestAnswer);
    }

    @Override
    public void close() {
        client.close();
    }
}
