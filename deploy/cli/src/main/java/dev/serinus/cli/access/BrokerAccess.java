package dev.serinus.cli.access;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;

import java.util.List;
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
}
