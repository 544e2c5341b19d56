package dev.serinus.testbed;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Who may talk to the API server, each with a token of its own. */
public enum User {
    /** May do everything. */
    ADMIN("admin", "system:masters"),
    /** The accounts of the services, with the rights that the manifests give them and no more. */
    WATCHER("serinus-watcher"),
    ROUTER("serinus-router"),
    WEBHOOK("serinus-webhook"),
    NOTIFIER("serinus-notifier"),
    /** The account of the all-in-one, with the rights of all services. */
    SERINUS("serinus"),
    /** The control plane's own. */
    CONTROLLERS("controllers", "system:masters"),
    SCHEDULER("scheduler", "system:masters"),
    KWOK("kwok", "system:masters");

    /** Where the accounts of the services are. */
    static final String NAMESPACE = "serinus";

    private final String account;

    @SuppressWarnings("ImmutableEnumChecker") // it comes from List.of
    private final List<String> groups;

    User(String account, String... groups) {
        this.account = account;
        this.groups = List.of(groups);
    }

    /** The users that are recorded in the audit log. */
    static Stream<User> services() {
        return Stream.of(values()).filter(User::isService);
    }

    boolean isService() {
        return groups.isEmpty();
    }

    /** The name as the API server knows it, in role bindings and in the audit log. */
    public String username() {
        return isService() ? "system:serviceaccount:" + NAMESPACE + ":" + account : account;
    }

    List<String> groups() {
        return isService()
                ? List.of("system:serviceaccounts", "system:serviceaccounts:" + NAMESPACE)
                : groups;
    }

    /** The name of its kubeconfig. */
    String file() {
        return name().toLowerCase(Locale.ROOT) + ".kubeconfig";
    }
}
