package dev.serinus.trials.real;

/**
 * A verb on a kind of resource.
 *
 * @param role of the service
 * @param resource with its group and subresource, such as {@code canaries.flagger.app/status}
 */
record ApiRight(String role, String verb, String resource) implements Comparable<ApiRight> {

    static ApiRight of(
            String role, String verb, String group, String resource, String subresource) {
        return new ApiRight(
                role,
                verb,
                resource
                        + (group.isEmpty() ? "" : "." + group)
                        + (subresource.isEmpty() ? "" : "/" + subresource));
    }

    /** True for what this grants: itself or, with * for the resources, any of the group. */
    boolean covers(ApiRight asked) {
        return role.equals(asked.role)
                && verb.equals(asked.verb)
                && (resource.equals(asked.resource)
                        || (resource.startsWith("*.")
                                && asked.resource.endsWith(resource.substring(1))));
    }

    @Override
    public int compareTo(ApiRight other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return role + " " + resource + " " + verb;
    }
}
