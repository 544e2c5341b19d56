package dev.serinus.schemas.cluster;

/** Names one object of the cluster. */
public record Ref(Kind kind, String namespace, String name) {

    /** name.namespace, as Flagger's messages name an object. */
    public String dotted() {
        return name + "." + namespace;
    }

    @Override
    public String toString() {
        return kind.plural() + "/" + namespace + "/" + name;
    }
}
