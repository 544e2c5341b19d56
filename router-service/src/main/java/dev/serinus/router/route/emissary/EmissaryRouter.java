package dev.serinus.router.route.emissary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CopyingRouter;
import dev.serinus.router.route.RouteCopy;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ValueMatch;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Emissary;
import dev.serinus.schemas.mesh.Mesh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Emissary: a copy of the user's Mapping. With a weight it shares the requests of the user's, which
 * has none and so the rest; with more conditions than the user's it is asked first, and has all
 * that match. A Mapping that is alone for its requests has all of them, whatever it weighs: while
 * the canary gets nothing, the copy leads where the user's does.
 */
public final class EmissaryRouter extends CopyingRouter {

    private static final String SERVICE = "service";
    private static final String WEIGHT = "weight";
    private static final String STATS_NAME = "stats_name";
    private static final String CLUSTER_TAG = "cluster_tag";
    private static final String TITLE = "Mapping";
    private static final String LINKERD = "add_linkerd_headers";
    private static final int ALL = 100;

    /** Fields of a Mapping that answers nobody from where it leads. */
    private static final List<String> ANSWERS_NOBODY = List.of("shadow", "host_redirect");

    /** Fields of a Mapping for the conditions of an entry of a match, by field of that. */
    private static final Map<String, Fields> CONDITIONS =
            Map.of(
                    "headers", new Fields("headers", "regex_headers"),
                    "queryParams", new Fields("query_parameters", "regex_query_parameters"));

    /** Where a Mapping asks whether there is a header, or a query parameter, at all. */
    private static final List<String> PRESENT = List.of("v2BoolHeaders", "v2BoolQueryParameters");

    private record Fields(String exact, String regex) {}

    @Override
    public boolean leavesTheRestToTheUsers() {
        return true;
    }

    @Override
    public Mesh mesh() {
        return Emissary.MESH;
    }

    @Override
    protected Optional<RouteCopy.Names> names(Canary canary) {
        return ofRouteRef(canary, TITLE, Emissary.MAPPING);
    }

    @Override
    protected Refusal unnamed() {
        return Refusal.invalid("emissary route selector is empty; name the route in spec.routeRef");
    }

    @Override
    protected RouteObject rendered(Routing routing, RouteCopy copy) {
        return copy.with(
                copy.isStanding() ? standing(routing, copy) : spec(routing, copy),
                _ -> false,
                Map.of(),
                found -> isCopy(routing, found));
    }

    @Override
    protected boolean isCopy(Routing routing, ClusterObject found) {
        return leadsTo(found, routing.candidate());
    }

    private static boolean leadsTo(ClusterObject mapping, String service) {
        return Upstream.of(mapping.at("/spec"))
                .filter(it -> it.isService(service, mapping.ref().namespace()))
                .isPresent();
    }

    private static ObjectNode spec(Routing routing, RouteCopy copy) {
        var spec = copy.spec();
        var theirs = usable(routing, copy.source());
        var split = routing.split();
        if (!split.canaryWeight().isAny()) {
            return spec.put(WEIGHT, 0);
        }
        boolean byConditions = split.matched() && !routing.conditions().isEmpty();
        if (byConditions) {
            conditions(routing, copy.source(), spec);
        } else {
            spec.put(WEIGHT, split.canaryWeight().wholePercent());
        }
        String stats = Emissary.statsName(copy.ref().namespace(), routing.canary().apex());
        // Mappings to one Service share a cluster, which is counted by the first one's name.
        return spec.put(SERVICE, theirs.at(routing.candidate()))
                .put(STATS_NAME, stats)
                .put(CLUSTER_TAG, stats);
    }

    /** Where the user's Mapping leads; one that cannot share its requests is refused. */
    private static Upstream usable(Routing routing, ClusterObject mapping) {
        JsonNode spec = mapping.at("/spec");
        String name = TITLE + " " + mapping.ref().dotted();
        var leads =
                Upstream.of(spec)
                        .filter(
                                it ->
                                        it.isService(
                                                routing.canary().apex(), mapping.ref().namespace()))
                        .orElseThrow(
                                () ->
                                        Refusal.retry(
                                                "%s leads to %s and not to %s; lead it there, or set spec.service.name to the Service that it leads to"
                                                        .formatted(
                                                                name,
                                                                spec.path(SERVICE).asText(),
                                                                routing.canary().apex())));
        if (!spec.path(WEIGHT).isMissingNode()) {
            throw Refusal.retry(
                    "%s has spec.weight, and would not get what the canary does not; leave it out"
                            .formatted(name));
        }
        for (String field : ANSWERS_NOBODY) {
            if (spec.path(field).asBoolean()) {
                throw Refusal.retry(
                        "%s has spec.%s, and no requests to share; name another Mapping in spec.routeRef"
                                .formatted(name, field));
            }
        }
        if (spec.path(LINKERD).asBoolean()) {
            throw Refusal.retry(
                    "%s has spec.%s, and Emissary sends the same header with all requests that it shares, so that Linkerd leads the canary's to %s; leave it out"
                            .formatted(name, LINKERD, routing.canary().apex()));
        }
        checkPort(routing, name, leads.port(spec));
        return leads;
    }

    /** Emissary asks the Service by number; the pods only where the Service has no address. */
    private static void checkPort(Routing routing, String name, String port) {
        var service = routing.service();
        boolean isServed =
                Boolean.TRUE.equals(service.portDiscovery())
                        || port.equals(String.valueOf(service.port()))
                        || (Boolean.TRUE.equals(service.headless())
                                && IngressBackends.isServed(service, port));
        if (!isServed) {
            throw IngressBackends.noPort(routing, name, port);
        }
    }

    /** All that match go to the canary: the copy is asked before the user's, and has no weight. */
    private static void conditions(Routing routing, ClusterObject mapping, ObjectNode spec) {
        if (Weight.ALL.isAbove(routing.split().canaryWeight())) {
            throw Refusal.invalid(
                    "spec.analysis.match: Emissary cannot lead a share of the requests that match"
                            + " to the canary; use iterations instead of weights, or leave the"
                            + " conditions out");
        }
        var entries = routing.conditions();
        if (entries.size() > 1) {
            throw Refusal.invalid(
                    "spec.analysis.match[1]: Emissary holds one entry, all of whose conditions"
                            + " count; leave all but one out");
        }
        boolean isNarrower = false;
        for (var kind : CONDITIONS.entrySet()) {
            for (var condition : entries.getFirst().path(kind.getKey()).properties()) {
                isNarrower = true;
                put(mapping, spec, kind.getKey(), kind.getValue(), condition);
            }
        }
        if (!isNarrower) {
            throw Refusal.invalid(
                    "spec.analysis.match[0] has no condition that Emissary can route by (headers,"
                            + " queryParams): all traffic would go to the canary");
        }
    }

    /**
     * With the same conditions as the user's the copy would not be asked first, and share all
     * requests with it.
     */
    private static void put(
            ClusterObject mapping,
            ObjectNode spec,
            String kind,
            Fields fields,
            Map.Entry<String, JsonNode> condition) {
        String name = condition.getKey();
        String path = "spec.analysis.match[0].%s.%s".formatted(kind, name);
        if (name.startsWith(":")) {
            throw Refusal.invalid(
                    path + ": Emissary matches this by the Mapping's hostname or method alone");
        }
        boolean isAsked =
                List.of(fields.exact(), fields.regex()).stream()
                                .flatMap(it -> mapping.at("/spec/" + it).propertyStream())
                                .anyMatch(it -> it.getKey().equalsIgnoreCase(name))
                        || PRESENT.stream()
                                .flatMap(it -> mapping.at("/spec/" + it).valueStream())
                                .anyMatch(it -> it.asText().equalsIgnoreCase(name));
        if (isAsked) {
            throw Refusal.retry(
                    "%s: %s %s has a condition on that already; take another one, or name a Mapping without it in spec.routeRef"
                            .formatted(path, TITLE, mapping.ref().dotted()));
        }
        switch (ValueMatch.of(condition.getValue())) {
            case ValueMatch.Exact(var text) ->
                    spec.withObjectProperty(fields.exact()).put(name, text);
            case ValueMatch.Regex(var expression) ->
                    spec.withObjectProperty(fields.regex()).put(name, expression);
            case ValueMatch.Present() -> spec.withObjectProperty(fields.regex()).put(name, ".*");
        }
    }

    /**
     * The copy while the user's Mapping is gone or leads elsewhere. It is alone then, and has all
     * of its requests or none.
     */
    private ObjectNode standing(Routing routing, RouteCopy copy) {
        var spec = copy.spec();
        if (!routing.split().canaryWeight().isAny()) {
            toPrimary(spec, routing.canary());
        } else if (!routing.split().matched()) {
            throw Refusal.retry(
                    "%s %s cannot share requests with its copy as it is, which has all of them or none: all can be taken from the canary; mend the Mapping to go on"
                            .formatted(
                                    TITLE,
                                    names(routing.canary())
                                            .orElseThrow(this::unnamed)
                                            .source()
                                            .dotted()));
        }
        return spec;
    }

    /** By the apex Service, to which the primary belongs. */
    private static void toPrimary(ObjectNode spec, Canary canary) {
        Upstream.of(spec).ifPresent(it -> spec.put(SERVICE, it.at(canary.apex())));
        spec.put(WEIGHT, 0).remove(List.of(STATS_NAME, CLUSTER_TAG));
    }

    /** A weight, or all who match where there is none. The copy's name ends with the canary's. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Emissary.MAPPING)) {
            return Optional.empty();
        }
        String name = object.ref().name();
        String leads = Upstream.of(object.at("/spec")).map(Upstream::name).orElse("");
        if (leads.endsWith("-canary") && name.endsWith("-" + leads)) {
            JsonNode weight = object.at("/spec/weight");
            return Optional.of(
                    weight.isNumber()
                            ? Split.of(Math.clamp(weight.asInt(), 0, ALL))
                            : Split.of(Weight.ALL).matching(true));
        }
        return !leads.isEmpty() && name.endsWith("-" + leads + "-canary")
                ? Optional.of(Split.PRIMARY)
                : Optional.empty();
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> toPrimary(edit.spec(), canary);
    }

    /** Emissary says so where it was told to write status. */
    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        JsonNode status = route.at("/status");
        return status.path("state").asText().equals("Inactive")
                ? Acceptance.refused(
                        "%s %s is not in Emissary (Inactive: %s)"
                                .formatted(
                                        TITLE,
                                        route.ref().dotted(),
                                        status.path("reason").asText()))
                : Acceptance.TAKEN;
    }
}
