package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.Affinity;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.Routing;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.GatewayTimeouts;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of an HTTPRoute for one canary and split.
 *
 * @param users the rule that their user has in their place: what of it the Canary does not say
 *     stays; missing where there is none
 */
record HttpRules(Routing routing, JsonNode users) {

    /** What these rules are made of; anything else of an adopted rule is kept. */
    static final Set<String> KNOWN = Set.of("matches", "filters", "backendRefs", "timeouts");

    /** A backend without a weight weighs 1, whatever is beside it. */
    static final NamedAhead NAMED_AHEAD =
            new NamedAhead(
                    "rules",
                    "matches",
                    "backendRefs",
                    HttpRules::identity,
                    backend ->
                            backend.retain(List.of("group", "kind", "namespace", "name", "port")),
                    _ -> {});

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ALL = 100;

    private static Optional<String> identity(JsonNode backend) {
        return Optional.of(
                "%s/%s/%s/%s/%s"
                        .formatted(
                                backend.path("group").asText(),
                                backend.path("kind").asText("Service"),
                                backend.path("namespace").asText(),
                                backend.path("name").asText(),
                                backend.path("port").asText()));
    }

    HttpRules(Routing routing) {
        this(routing, MissingNode.getInstance());
    }

    private CanaryService service() {
        return routing.service();
    }

    /** True for a live rule that leads to the application, on whichever side. */
    boolean isOurs(JsonNode rule) {
        return rule.path("backendRefs").valueStream().anyMatch(this::isOfApplication);
    }

    /** True for one in which something else has a share as well. */
    boolean leadsToOthers(JsonNode rule) {
        return rule.path("backendRefs")
                .valueStream()
                .filter(it -> it.path("weight").asLong(1) > 0)
                .anyMatch(it -> !isOfApplication(it));
    }

    private boolean isOfApplication(JsonNode backend) {
        String home = routing.canary().getMetadata().getNamespace();
        return Stream.of(
                        routing.primary(),
                        routing.candidate(),
                        routing.baseline(),
                        routing.canary().apex())
                .anyMatch(it -> isService(backend, it, home));
    }

    /** True for a Service of that name: others may have it in another namespace, or as a kind. */
    static boolean isService(JsonNode backend, String name, String home) {
        return backend.path("name").asText().equals(name)
                && backend.path("group").asText().isEmpty()
                && backend.path("kind").asText("Service").equals("Service")
                && backend.path("namespace").asText(home).equals(home);
    }

    /** True when the live object already leads to the primary: what it was before is past. */
    boolean isTakenOver(ClusterObject live) {
        return live.json().findValues("name").stream()
                .anyMatch(name -> name.asText().equals(routing.primary()));
    }

    /** The rules, those with conditions first. */
    List<ObjectNode> rules(JsonNode live) {
        return rules(HttpMatches.ofService(match()), live);
    }

    /**
     * The rules in a route that was there before: where its user has the application, unless the
     * Canary says where by {@code service.match}, each with what its user has there besides.
     *
     * @param users the route as its user has it; null when that is not known
     */
    List<ObjectNode> adopted(ClusterObject found, @Nullable ClusterObject users) {
        JsonNode live = routing.live(found, "/spec/rules");
        List<JsonNode> places =
                users == null
                        ? List.of()
                        : users.at("/spec/rules").valueStream().filter(this::isOurs).toList();
        boolean where = match().isEmpty() && !places.isEmpty();
        if (where && places.size() > 1) {
            return places.stream().flatMap(place -> inPlaceOf(place, live).stream()).toList();
        }
        JsonNode place = places.isEmpty() ? MissingNode.getInstance() : places.getLast();
        var rules =
                new HttpRules(routing, place)
                        .rules(
                                where ? HttpMatches.ofRule(place) : HttpMatches.ofService(match()),
                                live);
        AdoptedRules.keepUnknown(found.at("/spec/rules"), rules, this::isOurs, KNOWN);
        return rules;
    }

    private List<ObjectNode> inPlaceOf(JsonNode place, JsonNode live) {
        var rules = new HttpRules(routing, place).rules(HttpMatches.ofRule(place), live);
        AdoptedRules.keepUnknown(JSON.arrayNode().add(place), rules, _ -> true, KNOWN);
        return rules;
    }

    private List<JsonNode> match() {
        return service().match() == null ? List.of() : service().match();
    }

    private List<ObjectNode> rules(List<ObjectNode> matches, JsonNode live) {
        var affinity = Affinity.of(routing, cookies(live));
        if (!routing.conditions().isEmpty()) {
            return matching(matches, affinity);
        }
        return switch (affinity) {
            case Affinity.Off _ -> List.of(weighted(matches, null, null));
            case Affinity.Forgetting(var cookie) ->
                    List.of(
                            answering(sticky(matches, cookie, ALL, 0), cookie),
                            weighted(matches, null, null));
            case Affinity.Sticky(var canary, var primary) when primary == null ->
                    List.of(
                            sticky(matches, canary, 0, ALL),
                            weighted(matches, null, onAll(canary)));
            case Affinity.Sticky(var canary, var primary) ->
                    List.of(
                            sticky(matches, canary, 0, ALL),
                            sticky(matches, primary, ALL, 0),
                            weighted(matches, primary, canary));
        };
    }

    /** Who meets the canary for want of a primary alone is not to stay there in an A/B test. */
    private Affinity.@Nullable Cookie onAll(Affinity.Cookie onCanary) {
        return routing.match().isEmpty() ? onCanary : null;
    }

    /**
     * Who matches goes to the canary, and with a cookie stays there. A cookie for the primary would
     * keep from the canary who matches, so there is none.
     */
    private List<ObjectNode> matching(List<ObjectNode> matches, Affinity affinity) {
        var conditions = HttpMatches.combined(routing.conditions(), matches);
        var others = rule(matches, JSON.arrayNode().add(backend(routing.primary(), ALL)));
        return switch (affinity) {
            case Affinity.Off _ -> List.of(candidates(conditions, null), others);
            case Affinity.Forgetting(var cookie) ->
                    List.of(
                            answering(sticky(before(conditions, matches), cookie, ALL, 0), cookie),
                            candidates(conditions, null),
                            others);
            case Affinity.Sticky(var canary, var _) ->
                    List.of(
                            sticky(before(conditions, matches), canary, 0, ALL),
                            candidates(conditions, canary),
                            others);
        };
    }

    /**
     * The places of a rule for a cookie, which has to come before the one with the conditions:
     * Gateway API asks those first that look at more headers, then at more parameters of the query,
     * and only then those that stand first.
     */
    private static List<ObjectNode> before(List<ObjectNode> conditions, List<ObjectNode> matches) {
        var places = new ArrayList<>(matches);
        conditions.stream()
                .filter(it -> matches.stream().anyMatch(match -> isAskedBefore(it, match)))
                .forEach(places::add);
        return places;
    }

    private static boolean isAskedBefore(ObjectNode condition, ObjectNode match) {
        int headers = condition.path("headers").size();
        int withCookie = withCookie(match);
        return headers > withCookie
                || (headers == withCookie
                        && condition.path("queryParams").size() > match.path("queryParams").size());
    }

    /** How many headers the place of a rule for a cookie looks at. */
    private static int withCookie(ObjectNode match) {
        int headers = match.path("headers").size();
        return headers > 1 ? headers + 1 : 1;
    }

    private ObjectNode candidates(List<ObjectNode> conditions, Affinity.@Nullable Cookie onCanary) {
        var backends =
                backends(routing.split().shares().primary(), routing.split().shares().canary());
        setting((ObjectNode) backends.path(1), onCanary);
        return rule(conditions, backends);
    }

    /**
     * Everything to the apex Service, as it was before there was a Canary. Where no rule can be
     * made of the manifest, which may have been broken since it was made, the live ones lead there.
     */
    ArrayNode leadingToApex(JsonNode live) {
        var apex = JSON.arrayNode().add(backend(routing.canary().apex(), 1));
        try {
            var match = service().match();
            var matches = HttpMatches.ofService(match == null ? List.of() : match);
            return JSON.arrayNode().add(rule(matches, apex));
        } catch (Refusal unusable) {
            ArrayNode rules = live.deepCopy();
            rules.valueStream()
                    .filter(this::isOurs)
                    .forEach(it -> ((ObjectNode) it).set("backendRefs", apex.deepCopy()));
            return rules;
        }
    }

    private ObjectNode weighted(
            List<ObjectNode> matches,
            Affinity.@Nullable Cookie onPrimary,
            Affinity.@Nullable Cookie onCanary) {
        var backends =
                backends(routing.split().shares().primary(), routing.split().shares().canary());
        setting((ObjectNode) backends.path(0), onPrimary);
        setting((ObjectNode) backends.path(1), onCanary);
        if (routing.canary().hasBaseline()) {
            backends.add(backend(routing.baseline(), routing.split().shares().baseline()));
        }
        var rule = rule(matches, backends);
        if (routing.split().mirrored()) {
            rule.withArrayProperty("filters").add(mirror(backendRef(routing.candidate())));
        }
        return rule;
    }

    private ObjectNode sticky(
            List<ObjectNode> matches, Affinity.Cookie cookie, int primary, int canary) {
        var own = new ArrayList<ObjectNode>();
        for (ObjectNode match : matches) {
            var both = match.deepCopy();
            // Flagger's: the cookie stands for the header. Beside several it would be asked last.
            boolean beside = withCookie(match) > 1;
            (beside ? both.withArrayProperty("headers") : both.putArray("headers"))
                    .addObject()
                    .put("name", "Cookie")
                    .put("type", "RegularExpression")
                    .put("value", cookie.regex());
            own.add(both);
        }
        return rule(own, backends(primary, canary));
    }

    private ObjectNode rule(List<ObjectNode> matches, ArrayNode backends) {
        var rule = JSON.objectNode();
        rule.putArray("matches").addAll(matches.stream().map(ObjectNode::deepCopy).toList());
        var filters = new HttpFilters(service()).among(users.path("filters"), routing.candidate());
        if (!filters.isEmpty()) {
            rule.set("filters", filters);
        }
        rule.set("backendRefs", backends);
        var timeouts = GatewayTimeouts.of(service());
        timeout(rule, "request", timeouts.request());
        timeout(rule, "backendRequest", timeouts.backend());
        if (!rule.has("timeouts") && users.has("timeouts")) {
            rule.set("timeouts", users.path("timeouts").deepCopy());
        }
        return rule;
    }

    private ArrayNode backends(int primary, int canary) {
        return JSON.arrayNode()
                .add(backend(routing.primary(), primary))
                .add(backend(routing.candidate(), canary));
    }

    /** With the filters of the backend in whose place it is. */
    private ObjectNode backend(String name, int weight) {
        var backend = backendRef(name).put("weight", weight);
        users.path("backendRefs")
                .valueStream()
                .filter(
                        it ->
                                isService(
                                        it,
                                        routing.canary().apex(),
                                        routing.canary().getMetadata().getNamespace()))
                .map(it -> it.path("filters"))
                .filter(filters -> !filters.isEmpty())
                .findFirst()
                .ifPresent(filters -> backend.set("filters", filters.deepCopy()));
        return backend;
    }

    private ObjectNode backendRef(String name) {
        return JSON.objectNode()
                .put("group", "")
                .put("kind", "Service")
                .put("name", name)
                .put("port", service().port());
    }

    private ObjectNode mirror(ObjectNode backendRef) {
        var filter = JSON.objectNode().put("type", "RequestMirror");
        var mirror = filter.putObject("requestMirror");
        mirror.set("backendRef", backendRef);
        Integer share = routing.mirrorPercent();
        // All of them is what the field's absence means, which gateways without it know as well.
        // Where the share grows, who finds the route has to see that it has grown so far.
        if (share != null && (share < ALL || routing.split().copies() != null)) {
            mirror.put("percent", share);
        }
        return filter;
    }

    private static void timeout(ObjectNode rule, String field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            rule.withObjectProperty("timeouts").put(field, value);
        }
    }

    private static ObjectNode answering(ObjectNode rule, Affinity.Cookie cookie) {
        setting(rule, cookie);
        return rule;
    }

    /**
     * Adds the cookie to the answers of a rule or a backend: to the filter that is there, since the
     * API server refuses two of a type, which is where Flagger hangs.
     */
    private static void setting(ObjectNode holder, Affinity.@Nullable Cookie cookie) {
        if (cookie == null) {
            return;
        }
        var filters = holder.withArrayProperty("filters");
        var filter =
                filters.valueStream()
                        .filter(it -> it.path("type").asText().equals("ResponseHeaderModifier"))
                        .map(ObjectNode.class::cast)
                        .findFirst()
                        .orElseGet(() -> filters.addObject().put("type", "ResponseHeaderModifier"));
        filter.withObjectProperty("responseHeaderModifier")
                .withArrayProperty("add")
                .addObject()
                .put("name", "Set-Cookie")
                .put("value", cookie.setCookie());
    }

    static List<Affinity.Observed> cookies(JsonNode live) {
        List<Affinity.Observed> seen = new ArrayList<>();
        for (JsonNode rule : live) {
            boolean forgetting =
                    rule.path("filters").findValues("value").stream()
                            .anyMatch(value -> value.asText().contains("Max-Age=-1"));
            for (JsonNode match : rule.path("matches")) {
                for (JsonNode header : match.path("headers")) {
                    if (header.path("name").asText().equals("Cookie")) {
                        seen.add(new Affinity.Observed(header.path("value").asText(), forgetting));
                    }
                }
            }
        }
        return seen;
    }
}
