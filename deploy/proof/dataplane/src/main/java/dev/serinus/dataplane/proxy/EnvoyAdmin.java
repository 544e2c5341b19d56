package dev.serinus.dataplane.proxy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.dataplane.cluster.Shares;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Envoy with its admin interface behind a listener, and so behind the one worker that serves
 * requests too. What it answers that worker has taken over.
 *
 * @param canary how the clusters of an application's canary begin, with {@code %s} for the
 *     application
 */
record EnvoyAdmin(AdminClient client, String canary) implements Admin {

    /** As Contour names clusters. */
    static final String OF_CONTOUR = "apps/%s-canary/";

    /** As Istio names clusters of whole Services. */
    static final String OF_ISTIO = "outbound|80||%s-canary.apps.svc.";

    @Override
    public Map<String, Shares> shares() throws IOException, InterruptedException {
        return shares(client.json("/config_dump?resource=dynamic_route_configs"), canary);
    }

    static Map<String, Shares> shares(JsonNode dump, String canary) {
        Map<String, Shares> found = new HashMap<>();
        for (JsonNode hosts : dump.findValues("virtual_hosts")) {
            for (JsonNode host : hosts) {
                application(host)
                        .ifPresent(
                                app -> {
                                    String side = canary.formatted(app);
                                    List<Integer> percents = new ArrayList<>();
                                    // Those with conditions come first.
                                    host.path("routes")
                                            .forEach(
                                                    it ->
                                                            percents.add(
                                                                    percent(
                                                                            it.path("route"),
                                                                            side)));
                                    if (!percents.isEmpty()) {
                                        found.put(app, Shares.of(percents));
                                    }
                                });
            }
        }
        return found;
    }

    /** Where a host has other names besides, they stand anywhere. */
    private static Optional<String> application(JsonNode host) {
        return host.path("domains")
                .valueStream()
                .map(JsonNode::asText)
                .filter(it -> it.endsWith(DOMAIN))
                .map(it -> it.substring(0, it.length() - DOMAIN.length()))
                .findFirst();
    }

    private static int percent(JsonNode route, String canary) {
        if (route.path("cluster").asText().startsWith(canary)) {
            return 100;
        }
        double some = 0;
        double all = 0;
        for (JsonNode each : route.at("/weighted_clusters/clusters")) {
            int weight = each.path("weight").asInt();
            all += weight;
            some += each.path("name").asText().startsWith(canary) ? weight : 0;
        }
        return all == 0 ? 0 : (int) Math.round(100 * some / all);
    }

    @Override
    public String backends() throws IOException, InterruptedException {
        return client.text("/clusters");
    }
}
