package dev.serinus.watcher.metrics.provider;

import java.util.Locale;

/** A cloud of Azure. */
enum AzureCloud {
    PUBLIC("management.azure.com", "prometheus.monitor.azure.com", "login.microsoftonline.com"),
    US_GOVERNMENT(
            "management.usgovcloudapi.net",
            "prometheus.monitor.azure.us",
            "login.microsoftonline.us"),
    CHINA("management.chinacloudapi.cn", "prometheus.monitor.azure.cn", "login.chinacloudapi.cn");

    private final String management;
    private final String workspaces;
    private final String login;

    AzureCloud(String management, String workspaces, String login) {
        this.management = management;
        this.workspaces = workspaces;
        this.login = login;
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
