package dev.serinus.cli.access;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The rights that a broker keeps. */
public final class BrokerAccess {

    private BrokerAccess() {}

    /** Adds what is missing, and takes nothing away; how many were added. */
    public static int add(Admin admin, AccessTable table)
            throws ExecutionException, InterruptedException {
        Set<AclBinding> found = Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get());
        List<AclBinding> missing =
                table.bindings().stream().filter(each -> !found.contains(each)).toList();
        admin.createAcls(missing).all().get();
        return missing.size();
    }

    /** A sentence for each difference from the table. */
    public static List<String> difference(Admin admin, AccessTable table, Set<String> trusted)
            throws ExecutionException, InterruptedException {
        try {
            return AccessDifference.of(
                    table, admin.describeAcls(AclBindingFilter.ANY).values().get(), trusted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SecurityDisabledException) {
                return List.of(
                        "the brokers look at no rights (authorizer.class.name is not set): whoever"
                                + " reaches them reads and forges everything");
            }
            if (failed.getCause() instanceof ClusterAuthorizationException) {
                return List.of(
                        "the rights cannot be seen by this principal (the right to Describe the"
                                + " cluster is needed)");
            }
            throw failed;
        }
    }

    /**
     * A sentence for each thing that the table grants to this account and the broker does not let
     * the present principal do, as it says itself. Whether a group may be joined is told by whether
     * it may be described.
     */
    public static List<String> refused(Admin admin, AccessTable table, String account)
            throws ExecutionException, InterruptedException {
        List<Grant> grants =
                table.grants().stream().filter(each -> each.account().equals(account)).toList();
        if (grants.isEmpty()) {
            return List.of("there is no account " + account + " among those of the table");
        }
        List<String> refused = new ArrayList<>();
        for (Grant grant : grants) {
            String name = grant.resource().name();
            switch (grant.isPrefixed() ? ResourceType.ANY : grant.resource().resourceType()) {
                case TOPIC -> ofTopic(admin, grant).ifPresent(refused::add);
                case GROUP -> {
                    if (isRefused(admin.listConsumerGroupOffsets(name).all())) {
                        refused.add("may not Read group " + name);
                    }
                }
                default -> {
                    // What begins with a name can be asked only by using it.
                }
            }
        }
        return refused;
    }

    private static Optional<String> ofTopic(Admin admin, Grant grant)
            throws ExecutionException, InterruptedException {
        String name = grant.resource().name();
        var answer =
                admin.describeTopics(
                                List.of(name),
                                new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .allTopicNames();
        try {
            var topic = answer.get().get(name);
            Set<AclOperation> may =
                    topic == null || topic.authorizedOperations() == null
                            ? Set.of()
                            : topic.authorizedOperations();
            var missing =
                    grant.sorted().stream()
                            .filter(operation -> !may.contains(operation))
                            .map(KafkaCommands::title)
                            .toList();
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "may not %s topic %s".formatted(String.join(", ", missing), name));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException) {
                return Optional.of("may do nothing with topic " + name + ", or it is missing");
            }
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.of("topic " + name + " is missing");
            }
            throw failed;
        }
    }

    private static boolean isRefused(KafkaFuture<?> answer)
            throws ExecutionException, InterruptedException {
        try {
            answer.get();
            return false;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException) {
                return true;
            }
            throw failed;
        }
    }
}
