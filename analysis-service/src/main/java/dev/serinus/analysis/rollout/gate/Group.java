package dev.serinus.analysis.rollout.gate;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Canaries that are promoted together or not at all, as one of them names the others.
 *
 * @param limit how long one that is ready waits for the others
 */
public record Group(String name, List<Member> members, GateLimit limit) {

    /** Before the name of one, where people let a canary be promoted without the others. */
    private static final String GATE = "group/";

    public Group {
        members = List.copyOf(members);
    }

    /**
     * One of the others.
     *
     * @param cluster null for that of who names it
     * @param namespace null for that of who names it
     */
    public record Member(@Nullable String cluster, @Nullable String namespace, String name) {}

    /** The full names of the others, for the canary that names them. */
    public List<String> others(CanaryKey own) {
        return members.stream()
                .map(
                        one ->
                                new CanaryKey(
                                        one.cluster() == null ? own.cluster() : one.cluster(),
                                        one.namespace() == null ? own.namespace() : one.namespace(),
                                        one.name()))
                .filter(one -> !one.equals(own))
                .map(CanaryKey::toString)
                .distinct()
                .toList();
    }

    /** What people approve to let one be promoted without the others. */
    public String gate() {
        return GATE + name;
    }
}
