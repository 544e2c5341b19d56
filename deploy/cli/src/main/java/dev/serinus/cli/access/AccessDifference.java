package dev.serinus.cli.access;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a broker allows otherwise than the table. Wider rights fulfil narrower ones, as they do for
 * the broker; rights of others on what is Serinus' are told as well.
 */
public final class AccessDifference {

    private static final String EVERYBODY = "User:*";
    private static final String ANY = "*";

    private AccessDifference() {}

    /**
     * A sentence for each difference.
     *
     * @param found all that the broker has
     * @param trusted principals whose further rights are none, such as an administrator's
     */
    public static List<String> of(
            AccessTable table, Collection<AclBinding> found, Set<String> trusted) {
        List<String> told = new ArrayList<>();
        for (AclBinding wanted : table.bindings()) {
            if (isDenied(wanted, found)) {
                told.add("is denied: " + sentence(wanted));
            } else if (found.stream().noneMatch(each -> fulfils(each, wanted))) {
                told.add("is missing: " + sentence(wanted));
            }
        }
        List<AclBinding> all = table.bindings();
        List<AclBinding> guarded = table.guarded();
        found.stream()
                .filter(each -> each.entry().permissionType() == AclPermissionType.ALLOW)
                .filter(each -> !trusted.contains(each.entry().principal()))
                .filter(each -> isMore(each, guarded, all))
                .map(each -> "is more than is needed: " + sentence(each))
                .sorted()
                .forEach(told::add);
        return told;
    }

    private static boolean isDenied(AclBinding wanted, Collection<AclBinding> found) {
        return found.stream()
                .anyMatch(
                        each ->
                                each.entry().permissionType() == AclPermissionType.DENY
                                        && isOf(each.entry(), wanted.entry().principal())
                                        && (each.entry().operation() == AclOperation.ALL
                                                || each.entry().operation()
                                                        == wanted.entry().operation())
                                        && touches(each.pattern(), wanted.pattern()));
    }

    private static boolean fulfils(AclBinding found, AclBinding wanted) {
        return found.entry().permissionType() == AclPermissionType.ALLOW
                && isOf(found.entry(), wanted.entry().principal())
                && found.entry().host().equals(ANY)
                && implies(found.entry().operation(), wanted.entry().operation())
                && covers(found.pattern(), wanted.pattern());
    }

    private static boolean isMore(
            AclBinding found, Collection<AclBinding> guarded, Collection<AclBinding> table) {
        return guarded.stream()
                .map(AclBinding::pattern)
                .distinct()
                .filter(ours -> touches(found.pattern(), ours))
                .anyMatch(ours -> table.stream().noneMatch(each -> permits(each, found, ours)));
    }

    private static boolean permits(AclBinding table, AclBinding found, ResourcePattern ours) {
        return table.entry().principal().equals(found.entry().principal())
                && implies(table.entry().operation(), found.entry().operation())
                && (covers(table.pattern(), found.pattern()) || covers(table.pattern(), ours));
    }

    private static boolean isOf(AccessControlEntry entry, String principal) {
        return entry.principal().equals(principal) || entry.principal().equals(EVERYBODY);
    }

    /** As Kafka's authorizer has it. */
    private static boolean implies(AclOperation allowed, AclOperation asked) {
        return allowed == asked
                || allowed == AclOperation.ALL
                || switch (asked) {
                    case DESCRIBE ->
                            Set.of(
                                            AclOperation.READ,
                                            AclOperation.WRITE,
                                            AclOperation.DELETE,
                                            AclOperation.ALTER)
                                    .contains(allowed);
                    case DESCRIBE_CONFIGS -> allowed == AclOperation.ALTER_CONFIGS;
                    default -> false;
                };
    }

    /** All that the second pattern means, the first one means as well. */
    private static boolean covers(ResourcePattern wide, ResourcePattern narrow) {
        if (wide.resourceType() != narrow.resourceType()) {
            return false;
        }
        return isAny(wide)
                || wide.equals(narrow)
                || (wide.patternType() == PatternType.PREFIXED
                        && narrow.name().startsWith(wide.name()));
    }

    /** There is a name that both mean. */
    private static boolean touches(ResourcePattern one, ResourcePattern other) {
        return covers(one, other) || covers(other, one);
    }

    private static boolean isAny(ResourcePattern pattern) {
        return pattern.patternType() == PatternType.LITERAL && pattern.name().equals(ANY);
    }

    private static String sentence(AclBinding binding) {
        var entry = binding.entry();
        var pattern = binding.pattern();
        return "%s may %s %s %s%s"
                .formatted(
                        entry.principal(),
                        KafkaCommands.title(entry.operation()),
                        kind(pattern.resourceType()),
                        pattern.name() + (pattern.patternType() == PatternType.PREFIXED ? "…" : ""),
                        entry.host().equals(ANY) ? "" : " from " + entry.host());
    }

    private static String kind(ResourceType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
