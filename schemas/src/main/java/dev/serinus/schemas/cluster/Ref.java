package dev.serinus.schemas.cluster;

/**
 * Names one object of the cluster.
 *
 * @param namespace empty for an object of the whole cluster
 */
public record Ref(Kind kind, String namespace, String name) {

    /** name.namespace, as Flagger's messages name an object. */
    public String dotted() {
        return namespace.isEmpty() ? name : name + "." + namespace;
    }

    @Override
    public String toString() {
        return kind.plural() + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
