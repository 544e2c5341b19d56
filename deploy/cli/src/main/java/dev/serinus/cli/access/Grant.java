package dev.serinus.cli.access;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What one account may do on one resource of Kafka, or on all whose names begin in one way. */
public record Grant(String account, ResourcePattern resource, Set<AclOperation> operations) {

    /** By account and resource; what is allowed there does not matter. */
    static final Comparator<Grant> ORDER =
            Comparator.comparing(Grant::account)
                    .thenComparing(grant -> grant.resource().resourceType())
                    .thenComparing(grant -> grant.resource().patternType())
                    .thenComparing(grant -> grant.resource().name());

    public Grant {
        operations = Set.copyOf(operations);
    }

    static Grant of(
            String account,
            ResourceType type,
            PatternType match,
            String name,
            AclOperation... operations) {
        return new Grant(account, new ResourcePattern(type, name, match), Set.of(operations));
    }

    Grant with(Set<AclOperation> others) {
        return new Grant(account, resource, others);
    }

    boolean isPrefixed() {
        return resource.patternType() == PatternType.PREFIXED;
    }

    /** In an order that stays. */
    List<AclOperation> sorted() {
        return operations.stream().sorted().toList();
    }

    /** As Kafka keeps it, for the principal of this name. */
    List<AclBinding> bindings(String principal) {
        return sorted().stream()
                .map(
                        operation ->
                                new AclBinding(
                                        resource,
                                        new AccessControlEntry(
                                                principal,
                                                "*",
                                                operation,
                                                AclPermissionType.ALLOW)))
                .toList();
    }
}
