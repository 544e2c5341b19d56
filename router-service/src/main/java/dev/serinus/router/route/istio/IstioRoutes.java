package dev.serinus.router.route.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Affinity;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.Routing;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.ServiceProtocol;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of a VirtualService for one canary and split. */
record IstioRoutes(Routing routing) {

    /** What these rules are made of; anything else of an adopted rule is kept. */
    static final Set<String> KNOWN =
            Set.of(
                    "match",
                    "rewrite",
                    "timeout",
                    "retries",
                    "corsPolicy",
                    "headers",
                    "route",
                    "mirror",
                    "mirrorPercentage");

    /** A gateway or sidecar may know only the Services that a VirtualService for it names. */
    static final List<NamedAhead> NAMED_AHEAD =
            Stream.of("http", "tcp")
                    .map(
                            rules ->
                                    new NamedAhead(
                                            rules,
                                            "match",
                                            "route",
                                            IstioRoutes::identity,
                                            destination -> destination,
                                            IstioRoutes::explicit))
                    .toList();

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    static final String MESH = "mesh";
    private static final int ALL = 100;

    /** With port and subset, since a proxy has a cluster for each. */
    private static Optional<String> identity(JsonNode destination) {
        return Optional.of(destination.path("destination").toString());
    }

    /** A destination that is alone gets everything whatever its weight. */
    private static void explicit(ArrayNode destinations) {
        if (destinations.size() == 1
                && destinations.get(0) instanceof ObjectNode alone
                && alone.path("weight").asInt() == 0) {
            alone.put("weight", ALL);
        }
    }

    /** Refuses what cannot be carried out. */
    void check() {
        if (isDelegate()
                && (!names(service().hosts()).isEmpty()
                        || !names(service().gateways()).isEmpty())) {
            throw Refusal.invalid(
                    "reconcileVirtualService failed: VirtualService %s.%s cannot have hosts and gateways when delegation enabled"
                            .formatted(
                                    routing.canary().apex(),
                                    routing.canary().getMetadata().getNamespace()));
        }
    }

    private CanaryService service() {
        return routing.service();
    }

    boolean isDelegate() {
        return Boolean.TRUE.equals(service().delegation());
    }

    boolean isTcp() {
        return ServiceProtocol.isTcp(service());
    }

    ArrayNode hosts() {
        List<String> hosts = new ArrayList<>(names(service().hosts()));
        if (!isDelegate() && !hosts.contains("*") && !hosts.contains(routing.canary().apex())) {
            hosts.add(routing.canary().apex());
        }
        return texts(hosts);
    }

    /** Null for a delegate, which must have none. */
    @Nullable ArrayNode gateways() {
        if (isDelegate()) {
            return null;
        }
        var gateways = names(service().gateways());
        return texts(gateways.isEmpty() ? List.of(MESH) : gateways);
    }

    /** True for a live rule that leads to the application, on whichever side. */
    boolean isOurs(JsonNode rule) {
        for (JsonNode destination : rule.path("route")) {
            String host = destination.path("destination").path("host").asText();
            for (String name :
                    List.of(routing.canary().apex(), routing.primary(), routing.candidate())) {
                String qualified = name + "." + routing.canary().getMetadata().getNamespace();
                if (host.equals(name)
                        || host.equals(qualified)
                        || host.startsWith(qualified + ".")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** True when the live object already leads to the primary: what it was before is past. */
    boolean isTakenOver(ClusterObject live) {
        return live.json().findValues("host").stream()
                .anyMatch(host -> host.asText().equals(routing.primary()));
    }

    /** The rules, those with conditions first. */
    List<ObjectNode> rules(JsonNode live) {
        if (isTcp()) {
            return List.of(tcp());
        }
        var affinity = Affinity.of(routing, cookies(live));
        if (!routing.conditions().isEmpty()) {
            return matching(affinity);
        }
        return switch (affinity) {
            case Affinity.Off _ -> List.of(weighted(null, null));
            case Affinity.Forgetting(var cookie) ->
                    List.of(answering(sticky(cookie, ALL, 0), cookie), weighted(null, null));
            case Affinity.Sticky(var canary, var primary) when primary == null ->
                    List.of(sticky(canary, 0, ALL), weighted(null, onAll(canary)));
            case Affinity.Sticky(var canary, var primary) ->
                    List.of(
                            sticky(canary, 0, ALL),
                            sticky(primary, ALL, 0),
                            weighted(primary, canary));
        };
    }

    /** True when requests come in by this route from elsewhere than the mesh. */
    boolean isEntry() {
        return isDelegate()
                || names(service().gateways()).stream().anyMatch(it -> !it.equals(MESH));
    }

    /** Everything to the apex Service, as it was before there was a Canary. */
    ObjectNode toApex() {
        var rule = isTcp() ? tcp() : base();
        return rule.set("route", JSON.arrayNode().add(destination(routing.canary().apex(), ALL)));
    }

    private ObjectNode tcp() {
        var rule = JSON.objectNode();
        if (service().match() != null && !service().match().isEmpty()) {
            var matches = rule.putArray("match");
            for (JsonNode match : service().match()) {
                var port = JSON.objectNode();
                if (match.has("port")) {
                    port.set("port", match.path("port"));
                }
                matches.add(port);
            }
        }
        return rule.set("route", weights());
    }

    /** Who meets the canary for want of a primary alone is not to stay there in an A/B test. */
    private Affinity.@Nullable Cookie onAll(Affinity.Cookie onCanary) {
        return routing.match().isEmpty() ? onCanary : null;
    }

    /**
     * Who matches goes to the canary, and with a cookie stays there. A cookie for the primary would
     * keep from the canary who matches, so there is none.
     */
    private List<ObjectNode> matching(Affinity affinity) {
        var others = base();
        // Flagger's weight; Istio takes a single destination whole, whatever its weight says.
        others.putArray("route")
                .add(destination(routing.primary(), routing.split().shares().primary()));
        return switch (affinity) {
            case Affinity.Off _ -> List.of(candidates(null), others);
            case Affinity.Forgetting(var cookie) ->
                    List.of(answering(sticky(cookie, ALL, 0), cookie), candidates(null), others);
            case Affinity.Sticky(var canary, var _) ->
                    List.of(sticky(canary, 0, ALL), candidates(canary), others);
        };
    }

    private ObjectNode candidates(Affinity.@Nullable Cookie onCanary) {
        var route = split(routing.split().shares().primary(), routing.split().shares().canary());
        setting((ObjectNode) route.path(1), onCanary);
        var candidates = base();
        candidates.set("match", conditions());
        candidates.set("route", route);
        return candidates;
    }

    /** Every condition of the analysis with every match of the service. */
    private ArrayNode conditions() {
        var all = JSON.arrayNode();
        for (JsonNode condition : routing.conditions()) {
            if (service().match() == null || service().match().isEmpty()) {
                all.add(condition.deepCopy());
                continue;
            }
            for (JsonNode match : service().match()) {
                ObjectNode both = match.deepCopy();
                // Flagger forgets queryParams here, which lets in requests that do not match.
                for (String field : List.of("headers", "sourceLabels", "queryParams")) {
                    if (!condition.path(field).isEmpty()) {
                        both.set(field, condition.path(field).deepCopy());
                    }
                }
                all.add(both);
            }
        }
        return all;
    }

    private ObjectNode weighted(
            Affinity.@Nullable Cookie onPrimary, Affinity.@Nullable Cookie onCanary) {
        var rule = base();
        var route = weights();
        setting((ObjectNode) route.path(0), onPrimary);
        setting((ObjectNode) route.path(1), onCanary);
        rule.set("route", route);
        if (routing.split().mirrored()) {
            rule.putObject("mirror").put("host", routing.candidate());
            Integer share = routing.mirrorPercent();
            if (share != null) {
                rule.putObject("mirrorPercentage").put("value", share);
            }
        }
        return rule;
    }

    private ObjectNode sticky(Affinity.Cookie cookie, int primary, int canary) {
        var rule = base();
        var matches = JSON.arrayNode();
        for (JsonNode match :
                service().match() == null || service().match().isEmpty()
                        ? List.<JsonNode>of(JSON.objectNode())
                        : service().match()) {
            ObjectNode own = match.deepCopy();
            own.putObject("headers").putObject("Cookie").put("regex", cookie.regex());
            matches.add(own);
        }
        rule.set("match", matches);
        rule.set("route", split(primary, canary));
        return rule;
    }

    private ObjectNode base() {
        var rule = JSON.objectNode();
        if (service().match() != null && !service().match().isEmpty()) {
            rule.putArray("match").addAll(copies(service().match()));
        }
        if (service().rewrite() != null) {
            ObjectNode rewrite = service().rewrite().deepCopy();
            rewrite.remove("type");
            rule.set("rewrite", rewrite);
        }
        if (service().timeout() != null && !service().timeout().isEmpty()) {
            rule.put("timeout", service().timeout());
        }
        copy(rule, "retries", service().retries());
        if (rule.path("retries") instanceof ObjectNode retries && !retries.has("attempts")) {
            retries.put("attempts", 0); // Flagger's, and what Istio takes its absence for
        }
        copy(rule, "headers", service().headers());
        copy(rule, "corsPolicy", service().corsPolicy());
        if (!rule.path("corsPolicy").path("allowCredentials").asBoolean()
                && rule.path("corsPolicy") instanceof ObjectNode cors) {
            cors.remove("allowCredentials");
        }
        return rule;
    }

    /** All sides at the split. */
    private ArrayNode weights() {
        var shares = routing.split().shares();
        var route = split(shares.primary(), shares.canary());
        return routing.canary().hasBaseline()
                ? route.add(destination(routing.baseline(), shares.baseline()))
                : route;
    }

    private ArrayNode split(int primary, int canary) {
        return JSON.arrayNode()
                .add(destination(routing.primary(), primary))
                .add(destination(routing.candidate(), canary));
    }

    private ObjectNode destination(String host, int weight) {
        var destination = JSON.objectNode();
        destination.putObject("destination").put("host", host);
        var gateways = names(service().gateways());
        boolean beyondMesh = !gateways.isEmpty() && !gateways.getFirst().equals(MESH);
        if (Boolean.TRUE.equals(service().portDiscovery()) && (beyondMesh || isDelegate())) {
            ((ObjectNode) destination.path("destination"))
                    .putObject("port")
                    .put("number", service().port());
        }
        return destination.put("weight", weight);
    }

    private static ObjectNode answering(ObjectNode rule, Affinity.Cookie cookie) {
        setting(rule, cookie);
        return rule;
    }

    /** Adds the cookie to the answers of a rule or of one of its destinations. */
    private static void setting(ObjectNode holder, Affinity.@Nullable Cookie cookie) {
        if (cookie != null) {
            holder.withObjectProperty("headers")
                    .withObjectProperty("response")
                    .withObjectProperty("add")
                    .put("Set-Cookie", cookie.setCookie());
        }
    }

    static List<Affinity.Observed> cookies(JsonNode live) {
        List<Affinity.Observed> seen = new ArrayList<>();
        for (JsonNode rule : live) {
            boolean forgetting =
                    rule.path("headers")
                            .path("response")
                            .path("add")
                            .path("Set-Cookie")
                            .asText()
                            .contains("Max-Age=-1");
            for (JsonNode match : rule.path("match")) {
                String regex = match.path("headers").path("Cookie").path("regex").asText();
                if (!regex.isEmpty()) {
                    seen.add(new Affinity.Observed(regex, forgetting));
                }
            }
        }
        return seen;
    }

    private static void copy(ObjectNode rule, String field, @Nullable JsonNode value) {
        if (value != null && !value.isEmpty()) {
            rule.set(field, value.deepCopy());
        }
    }

    private static List<JsonNode> copies(List<JsonNode> nodes) {
        return nodes.stream().<JsonNode>map(JsonNode::deepCopy).toList();
    }

    private static List<String> names(@Nullable List<String> names) {
        return names == null ? List.of() : names;
    }

    private static ArrayNode texts(List<String> values) {
        var array = JSON.arrayNode();
        values.forEach(array::add);
        return array;
    }
}
