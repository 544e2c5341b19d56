package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks Azure Monitor: a workspace of its managed Prometheus in PromQL, or for the metrics that
 * Azure's own resources have. Which of them, and in which cloud, the address says.
 */
final class AzureMonitor {

    static final ProviderType TYPE = type();

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String FORM = "application/x-www-form-urlencoded";

    private AzureMonitor() {}

    /** A kind that knows no tokens yet. */
    static ProviderType type() {
        ShortLived<String> tokens = new ShortLived<>();
        return ProviderType.of("azuremonitor", context -> make(context, tokens))
                .onlyAs(AzureIdentity.WHO)
                .withRanges();
    }

    private static MetricsProvider make(ProviderContext context, ShortLived<String> tokens)
            throws WrongSettings {
        var settings = context.settings();
        String written = settings.address();
        if (written == null || written.isBlank()) {
            throw new WrongSettings(settings.type() + " endpoint is not set");
        }
        Optional<URI> address = Addresses.parse(written).filter(AzureMonitor::isPlain);
        for (AzureCloud cloud : AzureCloud.values()) {
            String host = address.map(URI::getHost).orElse("");
            if (cloud.manages(host)) {
                return new AzureMonitorMetrics(
                        context,
                        api(context, cloud.management(), cloud, cloud.management(), tokens));
            }
            if (cloud.hasWorkspace(host)) {
                return promQl(api(context, "https://" + host, cloud, cloud.workspaces(), tokens));
            }
        }
        // A token is shown to Azure alone.
        throw new WrongSettings(
                settings.type()
                        + " endpoint must be that of a workspace's queries, such as"
                        + " https://NAME.REGION.prometheus.monitor.azure.com, or"
                        + " https://management.azure.com for metrics of Azure's resources; or the"
                        + " same of Azure Government (azure.us, management.usgovcloudapi.net) or"
                        + " China (azure.cn, management.chinacloudapi.cn)");
    }

    private static boolean isPlain(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                && address.getPort() < 0
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawPath().matches("/*");
    }

    private static BearerApi api(
            ProviderContext context,
            String address,
            AzureCloud cloud,
            String resource,
            ShortLived<String> tokens)
            throws WrongSettings {
        return new BearerApi(context, address, new AzureIdentity(context, cloud, resource, tokens));
    }

    private static MetricsProvider promQl(BearerApi api) {
        return new PrometheusQueries(
                (path, parameters, reading) ->
                        api.ask(
                                LIMIT,
                                (source, forgetting) ->
                                        source.post(
                                                path,
                                                List.of(),
                                                FORM,
                                                QueryEncoding.form(parameters),
                                                forgetting.by(reading.by(source)))),
                PrometheusReply.Several.REFUSED);
    }
}
