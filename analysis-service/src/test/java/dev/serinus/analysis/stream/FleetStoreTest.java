package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.journal.StoredFleet;
import dev.serinus.analysis.permit.Fleet;
import dev.serinus.analysis.permit.Holder;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.analysis.telemetry.Traces;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What is asked for with each record is known without reading a scope. */
class FleetStoreTest {

    @Test
    void whetherSomebodyRunsOrWaitsIsKnownWithoutReadingAScope() {
        var holder =
                new Holder(
                        "west/shop/cart",
                        "uid-1",
                        1,
                        List.of(),
                        Bench.START,
                        Bench.START,
                        new Holder.Told(0, "", null, null),
                        null,
                        null);
        var busy = new Fleet(List.of(holder), List.of(), Bench.START, null, null, null);

        assertThat(keeping(busy).hasSomebody()).isTrue();
        assertThat(keeping(Fleet.NOBODY).hasSomebody()).isFalse();
        assertThat(keeping(Fleet.NOBODY).look()).isFalse();
    }

    /** Of a store that can be gone through once, and not be read. */
    @SuppressWarnings("unchecked")
    private static FleetStore keeping(Fleet fleet) {
        var all = List.of(KeyValue.pair("shop", new StoredFleet(1, Bench.START, fleet))).iterator();
        var store =
                (KeyValueStore<String, StoredFleet>)
                        Proxy.newProxyInstance(
                                FleetStoreTest.class.getClassLoader(),
                                new Class<?>[] {KeyValueStore.class},
                                (_, method, _) -> {
                                    assertThat(method.getName()).isEqualTo("all");
                                    return new Scopes(all);
                                });
        return new FleetStore(
                store,
                new DecisionWriter(Bench.SETTINGS),
                _ -> {},
                (_, because) -> new InputResult.Later(because),
                new Clusters() {
                    @Override
                    public boolean complete(String cluster) {
                        return true;
                    }

                    @Override
                    public Sharing sharing(String cluster) {
                        return Sharing.POSSIBLE;
                    }

                    @Override
                    public void doubt() {}
                },
                SizeLimits.of(Bench.SETTINGS),
                "fleets",
                new DecisionMetrics(
                        new SimpleMeterRegistry(), false, () -> Bench.START, Traces.OFF),
                () -> Bench.START,
                () -> Optional.of(List.of()));
    }

    private record Scopes(Iterator<KeyValue<String, StoredFleet>> all)
            implements KeyValueIterator<String, StoredFleet> {

        @Override
        public boolean hasNext() {
            return all.hasNext();
        }

        @Override
        public KeyValue<String, StoredFleet> next() {
            return all.next();
        }

        @Override
        public String peekNextKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
