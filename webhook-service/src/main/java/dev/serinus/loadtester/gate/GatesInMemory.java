package dev.serinus.loadtester.gate;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** As in Flagger: a restart closes them all. */
public final class GatesInMemory implements GateStore {

    private final Map<GateName, Gate> gates = new ConcurrentHashMap<>();

    /** All closed. */
    public GatesInMemory() {}

    @Override
    public Optional<Gate> find(GateName name) {
        return Optional.ofNullable(gates.get(name));
    }

    @Override
    public Map<GateName, Gate> all() {
        return Map.copyOf(gates);
    }

    @Override
    public void keep(GateName name, Gate gate) {
        gates.put(name, gate);
    }

    @Override
    public String place() {
        return "in memory: a restart closes them all, since no Kafka is configured";
    }

    @Override
    public void close() {}
}
