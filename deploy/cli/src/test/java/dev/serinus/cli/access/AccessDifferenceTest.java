package dev.serinus.cli.access;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.acl.AclPermissionType.ALLOW;
import static org.apache.kafka.common.acl.AclPermissionType.DENY;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class AccessDifferenceTest {

    private final AccessTable table = AccessTableTest.table(Accounts.SERVICES);

    @Test
    void whatTheTableSaysDoesNotDiffer() {
        assertThat(difference()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        List<AclBinding> found = new ArrayList<>(table.bindings());
        found.removeIf(
                each ->
                        each.pattern().name().equals("serinus.eu.changes")
                                && each.entry().operation() == WRITE);

        assertThat(AccessDifference.of(table, found, Set.of()))
                .containsExactly(
                        "is missing: User:serinus-analysis may Write topic serinus.eu.changes",
                        "is missing: User:serinus-eu-watcher may Write topic serinus.eu.changes");
    }

    @Test
    void aWiderRightFulfilsNarrowerOnesAndIsToldAsOne() {
        List<AclBinding> found = new ArrayList<>(table.bindings());
        found.removeIf(each -> each.entry().principal().equals("User:serinus-eu-webhook"));
        assertThat(AccessDifference.of(table, found, Set.of())).hasSize(13);
        found.add(acl(ALLOW, "User:serinus-eu-webhook", ALL, PREFIXED, "serinus.eu."));

        assertThat(AccessDifference.of(table, found, Set.of()))
                .containsExactly(
                        "is missing: User:serinus-eu-webhook may Read group serinus.eu.webhook",
                        "is missing: User:serinus-eu-webhook may Describe group serinus.eu.webhook",
                        "is missing: User:serinus-eu-webhook may Read group"
                                + " serinus.eu.webhook.events",
                        "is missing: User:serinus-eu-webhook may Describe group"
                                + " serinus.eu.webhook.events",
                        "is more than is needed: User:serinus-eu-webhook may All topic"
                                + " serinus.eu.…");
    }

    @Test
    void whoMayMoreInWhatIsOursIsNamed() {
        assertThat(
                        difference(
                                acl(ALLOW, "User:serinus-eu-router", READ, LITERAL, changes("us")),
                                acl(ALLOW, "User:*", READ, PREFIXED, "serin"),
                                acl(ALLOW, "User:eve", WRITE, LITERAL, "*"),
                                acl(ALLOW, "User:eve", WRITE, PREFIXED, "serinus-analysis-roll")))
                .containsExactly(
                        "is more than is needed: User:* may Read topic serin…",
                        "is more than is needed: User:eve may Write topic *",
                        "is more than is needed: User:eve may Write topic serinus-analysis-roll…",
                        "is more than is needed: User:serinus-eu-router may Read topic"
                                + " serinus.us.changes");
    }

    @Test
    void whatIsOthersIsNobodysBusiness() {
        assertThat(
                        difference(
                                acl(ALLOW, "User:shop", ALL, PREFIXED, "shop."),
                                // Of a cluster that is not asked about.
                                acl(ALLOW, "User:x", READ, LITERAL, changes("asia")),
                                acl(DENY, "User:*", ALL, LITERAL, "shop.orders")))
                .isEmpty();
    }

    @Test
    void whoIsTrustedMayDoMore() {
        var found = new ArrayList<>(table.bindings());
        found.add(acl(ALLOW, "User:admin", ALL, LITERAL, "*"));

        assertThat(AccessDifference.of(table, found, Set.of("User:admin"))).isEmpty();
    }

    @Test
    void whatIsDeniedIsNamedAlthoughItIsAllowed() {
        assertThat(difference(acl(DENY, "User:*", WRITE, LITERAL, changes("eu"))))
                .containsExactly(
                        "is denied: User:serinus-analysis may Write topic serinus.eu.changes",
                        "is denied: User:serinus-eu-watcher may Write topic serinus.eu.changes");
    }

    private List<String> difference(AclBinding... more) {
        List<AclBinding> found = new ArrayList<>(table.bindings());
        found.addAll(List.of(more));
        return AccessDifference.of(table, found, Set.of());
    }

    private static String changes(String cluster) {
        return "serinus." + cluster + ".changes";
    }

    private static AclBinding acl(
            AclPermissionType type,
            String principal,
            AclOperation operation,
            PatternType match,
            String topic) {
        return new AclBinding(
                new ResourcePattern(TOPIC, topic, match),
                new AccessControlEntry(principal, "*", operation, type));
    }
}
