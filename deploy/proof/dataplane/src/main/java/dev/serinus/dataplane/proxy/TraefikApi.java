package dev.serinus.dataplane.proxy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.dataplane.cluster.Shares;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Traefik's own API. It is changed over together with what serves. */
record TraefikApi(AdminClient client) implements Admin {

    private static final Pattern HOST = Pattern.compile("Host\\([\"`]([a-z-]+)\\.example[\"`]\\)");

    @Override
    public Map<String, Shares> shares() throws IOException, InterruptedException {
        return shares(client.json("/api/rawdata"));
    }

    static Map<String, Shares> shares(JsonNode data) {
        Map<String, List<Integer>> conditional = new HashMap<>();
        Map<String, List<Integer>> plain = new HashMap<>();
        for (var router : data.path("routers").properties()) {
            String rule = router.getValue().path("rule").asText();
            var host = HOST.matcher(rule);
            if (host.find()) {
                String app = host.group(1);
                var service = service(data, router.getKey(), router.getValue());
                (rule.contains("Header") ? conditional : plain)
                        .computeIfAbsent(app, _ -> new ArrayList<>())
                        .add(percent(app, service));
            }
        }
        Map<String, Shares> found = new HashMap<>();
        plain.forEach(
                (app, percents) -> {
                    List<Integer> all = new ArrayList<>(conditional.getOrDefault(app, List.of()));
                    all.addAll(percents);
                    found.put(app, Shares.of(all));
                });
        return found;
    }

    /** A router names a service of its own provider without that. */
    private static JsonNode service(JsonNode data, String name, JsonNode router) {
        String service = router.path("service").asText();
        return data.path("services")
                .path(
                        service.contains("@")
                                ? service
                                : service + name.substring(name.lastIndexOf('@')));
    }

    private static int percent(String app, JsonNode service) {
        var canaries = Pattern.compile("(^|.*-)apps-%s-canary-.*".formatted(app));
        double canary = 0;
        double all = 0;
        for (JsonNode each : service.at("/weighted/services")) {
            int weight = each.path("weight").asInt(1);
            all += weight;
            canary += canaries.matcher(each.path("name").asText()).matches() ? weight : 0;
        }
        return all == 0 ? 0 : (int) Math.round(100 * canary / all);
    }

    @Override
    public String backends() throws IOException, InterruptedException {
        return client.text("/api/rawdata");
    }
}
