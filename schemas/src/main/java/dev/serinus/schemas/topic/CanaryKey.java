package dev.serinus.schemas.topic;

/**
 * Names a canary in the whole fleet: {@code cluster/namespace/name}. It is the key of every record,
 * so that all that happens to one canary stays in order.
 */
public record CanaryKey(String cluster, String namespace, String name)
        implements Comparable<CanaryKey> {

    public CanaryKey {
        if (cluster.isBlank()
                || namespace.isBlank()
                || name.isBlank()
                || (cluster + namespace + name).contains("/")) {
            throw new IllegalArgumentException(
                    "a canary is named cluster/namespace/name, each without a slash, but found '%s', '%s', '%s'"
                            .formatted(cluster, namespace, name));
        }
    }

    /**
     * Reads {@code cluster/namespace/name}; anything else is an {@link IllegalArgumentException}.
     */
    public static CanaryKey parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "a canary is named cluster/namespace/name, but found '" + text + "'");
        }
        return new CanaryKey(parts[0], parts[1], parts[2]);
    }

    /** {@code name.namespace}, as Flagger's events and logs name a canary. */
    public String dotted() {
        return name + "." + namespace;
    }

    @Override
    public int compareTo(CanaryKey other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return cluster + "/" + namespace + "/" + name;
    }
}
