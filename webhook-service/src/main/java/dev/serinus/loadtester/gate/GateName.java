package dev.serinus.loadtester.gate;

/**
 * One gate of one canary. In Flagger's load tester the gate of a canary named {@code rollback.a} is
 * the rollback gate of the canary {@code a}; here they are two.
 */
public record GateName(String namespace, String name, GateKind kind)
        implements Comparable<GateName> {

    @Override
    public int compareTo(GateName other) {
        return (namespace + "/" + name + "/" + kind)
                .compareTo(other.namespace + "/" + other.name + "/" + other.kind);
    }

    /** {@code name.namespace gate}, as Flagger's logs name it. */
    @Override
    public String toString() {
        return name + "." + namespace + " " + kind.title();
    }
}
