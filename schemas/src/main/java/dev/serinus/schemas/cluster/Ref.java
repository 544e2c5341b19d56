package dev.serinus.schemas.cluster;

/**
 * Names one object of the cluster.
 *
 * @param namespace empty for an object of the whole cluster
 */
public record Ref(Kind kind, String namespace, String name) {

    /** True when both name one object, by whatever versions of its kind. */
    public boolean isSameObject(Ref other) {
        return kind.group().equals(other.kind.group())
                && kind.plural().equals(other.kind.plural())
                && namespace.equals(other.namespace)
                && name.equals(other.name);
    }

    /** name.namespace, as Flagger's messages name an object. */
    public String dotted() {
        return namespace.isEmpty() ? name : name + "." + namespace;
    }

    @Override
    public String toString() {
        return kind.plural() + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
