package dev.serinus.dataplane.proxy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.dataplane.cluster.Shares;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Envoy as Contour sets it up: its admin interface behind a listener, and so behind the one worker
 * that serves requests too. What it answers that worker has taken over.
 */
record EnvoyAdmin(AdminClient client) implements Admin {

    @Override
    public Map<String, Shares> shares() throws IOException, InterruptedException {
        return shares(client.json("/config_dump?resource=dynamic_route_configs"));
    }

    static Map<String, Shares> shares(JsonNode dump) {
        Map<String, Shares> found = new HashMap<>();
        for (JsonNode hosts : dump.findValues("virtual_hosts")) {
            for (JsonNode host : hosts) {
                String domain = host.path("domains").path(0).asText();
                if (domain.endsWith(DOMAIN)) {
                    String app = domain.substring(0, domain.length() - DOMAIN.length());
                    List<Integer> percents = new ArrayList<>();
                    // Those with conditions come first.
                    host.path("routes").forEach(it -> percents.add(percent(app, it.path("route"))));
                    if (!percents.isEmpty()) {
                        found.put(app, Shares.of(percents));
                    }
                }
            }
        }
        return found;
    }

    private static int percent(String app, JsonNode route) {
        if (isCanary(app, route.path("cluster").asText())) {
            return 100;
        }
        double canary = 0;
        double all = 0;
        for (JsonNode each : route.at("/weighted_clusters/clusters")) {
            int weight = each.path("weight").asInt();
            all += weight;
            canary += isCanary(app, each.path("name").asText()) ? weight : 0;
        }
        return all == 0 ? 0 : (int) Math.round(100 * canary / all);
    }

    private static boolean isCanary(String app, String cluster) {
        return cluster.startsWith("apps/%s-canary/".formatted(app));
    }

    @Override
    public String backends() throws IOException, InterruptedException {
        return client.text("/clusters");
    }
}
