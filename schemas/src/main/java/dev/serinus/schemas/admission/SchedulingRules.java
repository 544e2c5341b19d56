package dev.serinus.schemas.admission;

import static dev.serinus.schemas.canary.CanaryScheduling.NODE_SELECTOR;
import static dev.serinus.schemas.canary.CanaryScheduling.TOLERATIONS;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.targets.TargetKind;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rules for where the canary's pods alone run: what the API server would refuse in a pod template
 * is told before a release begins.
 */
final class SchedulingRules {

    private static final String PATH = "spec.analysis.canaryAnalysis.templateVariables";

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern PREFIX =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int LONGEST_PREFIX = 253;

    private static final String EXISTS = "Exists";
    private static final String NO_EXECUTE = "NoExecute";
    private static final Set<String> TEXTS = Set.of("key", "operator", "value", "effect");
    private static final String SECONDS = "tolerationSeconds";

    private SchedulingRules() {}

    static void check(Subject subject, Findings findings) {
        var wanted = subject.analysis().canaryPods();
        if (wanted == null) {
            return;
        }
        subject.target()
                .filter(kind -> kind != TargetKind.DEPLOYMENT)
                .ifPresent(kind -> findings.when(true, PATH, because(kind, subject)));
        if (!wanted.isObject()) {
            findings.when(true, PATH, "must be an object with nodeSelector, tolerations, or both");
            return;
        }
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            String path = PATH + "." + field.getKey();
            switch (field.getKey()) {
                case NODE_SELECTOR -> nodeSelector(field.getValue(), path, findings);
                case TOLERATIONS -> tolerations(field.getValue(), path, findings);
                default ->
                        findings.when(
                                true,
                                PATH,
                                "has something else than nodeSelector and tolerations, which is"
                                        + " all that the canary's pods can have of their own");
            }
        }
    }

    private static String because(TargetKind kind, Subject subject) {
        return "needs a target of kind Deployment: "
                + (kind == TargetKind.DAEMON_SET
                        ? "the node selector of a DaemonSet is how it is kept without pods"
                        : "no pods are started for a target of kind "
                                + subject.spec().targetRef().kind())
                + "; leave it out";
    }

    private static void nodeSelector(JsonNode selector, String path, Findings findings) {
        if (!selector.isObject()) {
            findings.when(true, path, "must be a map of labels");
            return;
        }
        for (Map.Entry<String, JsonNode> label : selector.properties()) {
            String at = path + "." + label.getKey();
            key(label.getKey(), at, findings);
            findings.when(
                    !label.getValue().isTextual() || !isValue(label.getValue().asText()),
                    at,
                    "must be the value of a label: text of letters, digits, '-', '_' and '.', 63"
                            + " characters at most, in quotes where it looks like a number");
        }
    }

    private static void tolerations(JsonNode tolerations, String path, Findings findings) {
        if (!tolerations.isArray()) {
            findings.when(true, path, "must be a list");
            return;
        }
        for (int i = 0; i < tolerations.size(); i++) {
            String at = path + "[" + i + "]";
            if (tolerations.get(i).isObject()) {
                toleration(tolerations.get(i), at, findings);
            } else {
                findings.when(true, at, "must be an object");
            }
        }
    }

    private static void toleration(JsonNode toleration, String path, Findings findings) {
        for (Map.Entry<String, JsonNode> field : toleration.properties()) {
            String at = path + "." + field.getKey();
            boolean isSeconds = field.getKey().equals(SECONDS);
            findings.when(
                    !isSeconds && !TEXTS.contains(field.getKey()),
                    path,
                    "has something else than key, operator, value, effect and tolerationSeconds");
            findings.when(
                    TEXTS.contains(field.getKey()) && !field.getValue().isTextual(),
                    at,
                    "must be text");
            findings.when(
                    isSeconds && !field.getValue().isIntegralNumber(),
                    at,
                    "must be a whole number");
        }
        String key = toleration.path("key").asText();
        String operator = toleration.path("operator").asText();
        String effect = toleration.path("effect").asText();
        if (!key.isEmpty()) {
            key(key, path + ".key", findings);
        }
        findings.unlessOneOf(Set.of("Equal", EXISTS), operator, path + ".operator");
        findings.unlessOneOf(
                Set.of("NoSchedule", "PreferNoSchedule", NO_EXECUTE), effect, path + ".effect");
        findings.when(
                key.isEmpty() && !operator.equals(EXISTS),
                path + ".key",
                "must be given, but with operator Exists, which then tolerates every taint");
        findings.when(
                operator.equals(EXISTS) && !toleration.path("value").asText().isEmpty(),
                path + ".value",
                "must be left out with operator Exists");
        findings.when(
                !isValue(toleration.path("value").asText()),
                path + ".value",
                "must be the value of a taint: letters, digits, '-', '_' and '.', 63 characters at"
                        + " most");
        findings.when(
                toleration.has(SECONDS) && !effect.equals(NO_EXECUTE),
                path + "." + SECONDS,
                "needs effect NoExecute");
    }

    private static void key(String key, String path, Findings findings) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        boolean isKey =
                NAME.matcher(key.substring(slash + 1)).matches()
                        && (slash < 0
                                || (prefix.length() <= LONGEST_PREFIX
                                        && PREFIX.matcher(prefix).matches()));
        findings.when(
                !isKey,
                path,
                "is no key of a label: NAME or PREFIX/NAME, of letters, digits, '-', '_' and '.',"
                        + " NAME of 63 characters at most");
    }

    private static boolean isValue(String value) {
        return value.isEmpty() || NAME.matcher(value).matches();
    }
}
