package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Addresses;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A cloud of Azure. */
enum AzureCloud {
    PUBLIC(
            "Azure",
            "management.azure.com",
            "prometheus.monitor.azure.com",
            "login.microsoftonline.com"),
    US_GOVERNMENT(
            "Azure Government",
            "management.usgovcloudapi.net",
            "prometheus.monitor.azure.us",
            "login.microsoftonline.us"),
    CHINA(
            "Azure China",
            "management.chinacloudapi.cn",
            "prometheus.monitor.azure.cn",
            "login.chinacloudapi.cn");

    /** Where the installation's identity is known; set by AKS. */
    private static final String AUTHORITY = "AZURE_AUTHORITY_HOST";

    private final String called;
    private final String management;
    private final String workspaces;
    private final String login;

    AzureCloud(String called, String management, String workspaces, String login) {
        this.called = called;
        this.management = management;
        this.workspaces = workspaces;
        this.login = login;
    }

    /** The one that the installation itself is in, as its process is told. */
    private static AzureCloud own(Map<String, String> environment) throws WrongSettings {
        String named = environment.getOrDefault(AUTHORITY, "").strip();
        if (named.isEmpty()) {
            return PUBLIC;
        }
        String address = Addresses.withoutSlashesAtTheEnd(named.toLowerCase(Locale.ROOT));
        for (AzureCloud each : values()) {
            if (each.login().equals(address)) {
                return each;
            }
        }
        throw new WrongSettings(
                AUTHORITY
                        + " of the watcher must be "
                        + Arrays.stream(values())
                                .map(AzureCloud::login)
                                .collect(Collectors.joining(" or ")));
    }

    /**
     * Refuses this cloud where the installation's identity is of another: clouds have none in
     * common, and some are run by other companies.
     */
    void checkThatItIsTheInstallations(Map<String, String> environment) throws WrongSettings {
        AzureCloud own = own(environment);
        if (own != this) {
            throw new WrongSettings(
                    "spec.provider.address: is in %s, and the installation's own identity is of %s and shown nowhere else: name a client of %s in a Secret, or give the watcher %s=%s and an identity there"
                            .formatted(called, own.called, called, AUTHORITY, login()));
        }
    }

    /** Whether resources are managed there. */
    boolean manages(String host) {
        return host.toLowerCase(Locale.ROOT).equals(management);
    }

    /** Whether a workspace is asked there. */
    boolean hasWorkspace(String host) {
        return host.toLowerCase(Locale.ROOT).endsWith("." + workspaces);
    }

    /** Where resources are managed. */
    String management() {
        return "https://" + management;
    }

    /** What a token for workspaces is for. */
    String workspaces() {
        return "https://" + workspaces;
    }

    /** Where tokens are given out. */
    String login() {
        return "https://" + login;
    }
}
