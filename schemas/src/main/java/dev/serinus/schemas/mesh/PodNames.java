package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

import java.util.List;
import java.util.stream.Stream;

/**
 * How Kubernetes names the pods of a workload: its name and, for a Deployment, a hash, each with a
 * dash behind it, of that 58 characters, and five of its own. So with a long name the dashes are
 * lost, and a pattern that knows pods by their dashes takes those of {@code NAME-primary} for those
 * of {@code NAME}: with a Deployment from 39 characters on.
 */
public final class PodNames {

    private static final int LONGEST_PREFIX = 58;

    /** Of the hashes that Deployments give, which are of {@code 4-9}, b, c, d and f. */
    private static final int LONGEST_HASH = 10;

    private static final String GROUP = "[0-9a-zA-Z]+";

    private static final String OWN = "[0-9a-zA-Z]{5}";

    /** As Flagger knows a Deployment's. */
    static final String PODS = "{{ target }}-" + GROUP + "(-" + GROUP + ")";

    private PodNames() {}

    /**
     * What of PromQL is true of the pods of one workload: Flagger's pattern wherever that tells
     * them from those of the others.
     *
     * @param label that has the pod's name
     * @param kind as in targetRef.kind
     * @param name of the workload, which the text calls {@code {{ target }}}
     * @param others what stands behind the name and a dash for the workloads beside it
     */
    static String matchers(String label, String kind, String name, List<String> others) {
        if (kind.equals(Kind.DAEMON_SET.name())) {
            return "%s=~\"%s\"".formatted(label, ofDaemonSet(name, others));
        }
        return kind.equals(Kind.DEPLOYMENT.name())
                ? "%s=~\"%s\"%s".formatted(label, ofDeployment(name), without(label, name, others))
                : "%s=~\"%s\"".formatted(label, PODS);
    }

    /**
     * These have one group of letters after their name. Flagger's pattern, meant for Deployments,
     * measures the primary's pods there instead of the canary's.
     */
    private static String ofDaemonSet(String name, List<String> others) {
        boolean told = others.stream().allMatch(other -> isWhole(name + "-" + other + "-"));
        return name.length() < LONGEST_PREFIX ? "{{ target }}-" + (told ? GROUP : OWN) : cut();
    }

    private static String ofDeployment(String name) {
        return name.length() < LONGEST_PREFIX ? PODS + (isWhole(hashed(name)) ? "" : "?") : cut();
    }

    /** The dash behind the name is lost as well. */
    private static String cut() {
        return "{{ printf \"%." + LONGEST_PREFIX + "s\" target }}" + OWN;
    }

    /** No hash begins as one of these does, however much of it is left. */
    private static String without(String label, String name, List<String> others) {
        int room = LONGEST_PREFIX - name.length() - 1;
        var mistaken =
                others.stream()
                        .filter(other -> room > 0 && !isWhole(hashed(name + "-" + other)))
                        .map(other -> other.substring(0, Math.min(other.length(), room)))
                        .toList();
        return mistaken.isEmpty()
                ? ""
                : ", %s!~\"{{ target }}-(%s).*\"".formatted(label, String.join("|", mistaken));
    }

    /**
     * How to write matchers for the pods of a workload alone, for people.
     *
     * @param ofDaemonSet false for a Deployment's
     * @param other what stands behind the name and a dash for the other workload
     */
    public static String advice(boolean ofDaemonSet, String name, String other) {
        String own = "{{ target }}-[0-9a-z]+";
        if (ofDaemonSet) {
            return isWhole(name + "-" + other + "-") ? own : "{{ target }}-[0-9a-z]{5}";
        }
        String without = without("pod", name, List.of(other));
        return own
                + (isWhole(hashed(name)) ? "-[0-9a-z]+" : "(-[0-9a-z]+)?")
                + (without.isEmpty()
                        ? ""
                        : " beside "
                                + without.substring(2)
                                + ", since Kubernetes cuts the names of pods");
    }

    private static String hashed(String name) {
        return name + "-" + "h".repeat(LONGEST_HASH) + "-";
    }

    private static boolean isWhole(String prefix) {
        return prefix.length() <= LONGEST_PREFIX;
    }

    /**
     * Pods of a workload as they may be called, one for each length of a hash.
     *
     * @param ofDaemonSet false for a Deployment's
     */
    public static List<String> examples(boolean ofDaemonSet, String name) {
        return ofDaemonSet
                ? List.of(named(name + "-"))
                : Stream.of("5d4f8c7b9c", "5d4f8c7b9", "5d4f8c7b")
                        .map(hash -> named(name + "-" + hash + "-"))
                        .toList();
    }

    private static String named(String prefix) {
        return prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + "x2x4z";
    }
}
