package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A route that was there before us as its user has it by now: what we put in is as it was found,
 * and all else as it is. Three versions tell which is which: the route as it was found, what we
 * make of that, and the route as it is. Where its user changed the same as we did, it is as it was
 * found: ours leads to what goes.
 *
 * @param side tells texts that name something of one of the sides
 * @param hosts of the manifest
 */
record GivenBack(Predicate<String> side, List<JsonNode> hosts) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String WEIGHT = "weight";
    private static final String GATEWAYS = "gateways";

    /**
     * What a route of Istio is for that names no gateway, and that one beside others has to name.
     */
    private static final String MESH = "mesh";

    /** Fields that say which requests a rule is for, or what becomes of them: no backends. */
    private static final Set<String> CONDITIONS =
            Set.of(
                    "match",
                    "matches",
                    "matchers",
                    "conditions",
                    "hosts",
                    "hostnames",
                    "headers",
                    "rewrite",
                    "redirect",
                    "requestHeaderModifier",
                    "responseHeaderModifier",
                    "requestRedirect",
                    "urlRewrite",
                    "requestHeadersPolicy",
                    "responseHeadersPolicy",
                    "pathRewritePolicy");

    /** Fields of rules, whose names are no backends'. */
    private static final Set<String> OF_RULES =
            Set.of("route", "backendRefs", "services", "routeAction", "match", "matches");

    /**
     * On every mesh a side is called by its Service, alone or with namespace and port; on Gloo by
     * an Upstream's name, in which the namespace comes first.
     */
    static GivenBack of(Canary canary) {
        String namespace = Pattern.quote(canary.getMetadata().getNamespace());
        String name =
                "%s-(?:primary|canary|baseline)(?:\\.%s(?:\\.svc(?:\\..*)?)?|_%s_.*)?(?::\\d+)?"
                        .formatted(Pattern.quote(canary.apex()), namespace, namespace);
        String upstream =
                Pattern.quote(canary.getMetadata().getNamespace() + "-" + canary.apex())
                        + "-(?:primary|canary)upstream-\\d+";
        var service = canary.getSpec().service();
        List<JsonNode> hosts =
                service == null || service.hosts() == null
                        ? List.of()
                        : service.hosts().stream().<JsonNode>map(JSON::textNode).toList();
        return new GivenBack(
                Pattern.compile("%s|%s".formatted(name, upstream)).asMatchPredicate(), hosts);
    }

    /**
     * @param live as it is
     * @param found as it was found
     * @param made what we make of that at the split that it shows
     */
    ClusterObject of(ClusterObject live, ClusterObject found, ClusterObject made) {
        var labels = merged(found.labels(), made.labels(), live.labels());
        var annotations = merged(found.annotations(), made.annotations(), live.annotations());
        var spec =
                merged(
                        found.at("/spec"),
                        withAdded(made.at("/spec"), found.at("/spec"), live),
                        live.at("/spec"));
        boolean addsGateways =
                !found.at("/spec").has(GATEWAYS)
                        && contains(live.at("/spec/" + GATEWAYS), JSON.textNode(MESH));
        if (addsGateways
                && spec.path(GATEWAYS) instanceof ArrayNode gateways
                && !gateways.isEmpty()
                && !contains(gateways, JSON.textNode(MESH))) {
            gateways.add(MESH);
        }
        return live.edited(
                edit -> {
                    edit.withoutLabels(_ -> true).label(labels);
                    edit.withoutAnnotations(_ -> true).annotate(annotations);
                    edit.withoutAnnotations(RouteMetadata::isNoteOfOriginal);
                    edit.put("spec", spec.deepCopy());
                });
    }

    /**
     * With what the Canary has put there before, of which its manifest may say nothing any more.
     * Where nobody noted that, as an earlier release did not, its hosts are all that is known.
     */
    private JsonNode withAdded(JsonNode made, JsonNode found, ClusterObject live) {
        if (!(made.deepCopy() instanceof ObjectNode all)) {
            return made;
        }
        var noted = SharedLists.noted(live);
        if (noted.isEmpty()) {
            noted.putArray("hostnames").addAll(hosts);
        }
        noted.properties()
                .forEach(
                        it -> {
                            var there = live.at("/spec/" + it.getKey());
                            for (JsonNode entry : it.getValue()) {
                                if (contains(there, entry)
                                        && !contains(found.path(it.getKey()), entry)
                                        && !contains(all.path(it.getKey()), entry)) {
                                    all.withArrayProperty(it.getKey()).add(entry);
                                }
                            }
                        });
        return all;
    }

    /** True when some text in it names a side as a backend may be named. */
    boolean leadsToSides(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            boolean isRule = OF_RULES.stream().anyMatch(object::has);
            return object.propertyStream()
                    .filter(it -> !CONDITIONS.contains(it.getKey()))
                    .filter(it -> !isRule || !it.getKey().equals("name"))
                    .anyMatch(it -> leadsToSides(it.getValue()));
        }
        return tree.isTextual()
                ? side.test(tree.asText())
                : tree.valueStream().anyMatch(this::leadsToSides);
    }

    private static Map<String, String> merged(
            Map<String, String> found, Map<String, String> made, Map<String, String> live) {
        Map<String, String> merged = new LinkedHashMap<>();
        Set<String> keys = new LinkedHashSet<>(found.keySet());
        keys.addAll(live.keySet());
        for (String key : keys) {
            var before = found.get(key);
            var value =
                    String.valueOf(before).equals(String.valueOf(made.get(key)))
                            ? live.get(key)
                            : before;
            if (value != null) {
                merged.put(key, value);
            }
        }
        return merged;
    }

    private JsonNode merged(JsonNode found, JsonNode made, JsonNode live) {
        if (ClusterObject.isSame(live, made)) {
            return found;
        }
        if (ClusterObject.isSame(found, made)) {
            return live;
        }
        if (found instanceof ObjectNode
                && made instanceof ObjectNode
                && live instanceof ObjectNode) {
            return fields(found, made, live);
        }
        if (made instanceof ArrayNode
                && live instanceof ArrayNode
                && (found instanceof ArrayNode || found.isMissingNode())) {
            var all = list(found, made, live);
            if (!all.isEmpty() || (live.isEmpty() && !found.isMissingNode())) {
                return all;
            }
            // None at all often means everything, or nothing: it is as its user has seen it.
            return found.isEmpty() || leadsToSides(live) ? found : live;
        }
        return found;
    }

    private ObjectNode fields(JsonNode found, JsonNode made, JsonNode live) {
        var merged = JSON.objectNode();
        Stream.of(live, found)
                .flatMap(it -> it.propertyStream())
                .map(Map.Entry::getKey)
                .distinct()
                .forEach(
                        field -> {
                            var value =
                                    merged(found.path(field), made.path(field), live.path(field));
                            if (!value.isMissingNode()) {
                                merged.set(field, value.deepCopy());
                            }
                        });
        return merged;
    }

    private ArrayNode list(JsonNode found, JsonNode made, JsonNode live) {
        boolean areNames =
                Stream.of(found, made, live)
                        .flatMap(JsonNode::valueStream)
                        .allMatch(JsonNode::isValueNode);
        if (areNames) {
            return names(found, made, live);
        }
        if (leadsToSides(made) && !leadsToSides(live)) {
            // Its user has written it anew, or it was given back but for names without a share.
            boolean asFound = ClusterObject.isSame(alone(live), alone(found));
            return asFound && found instanceof ArrayNode before ? before : (ArrayNode) live;
        }
        if (Stream.of(made, live).flatMap(JsonNode::valueStream).anyMatch(it -> it.has(WEIGHT))) {
            return shares(found, made, live);
        }
        return rules(found, made, live);
    }

    /** Such as hosts: without those that we added, and with those that we took away. */
    private static ArrayNode names(JsonNode found, JsonNode made, JsonNode live) {
        var names = JSON.arrayNode();
        found.valueStream()
                .filter(it -> !contains(made, it) || contains(live, it))
                .forEach(names::add);
        live.valueStream()
                .filter(it -> !contains(made, it) && !contains(found, it))
                .forEach(names::add);
        return names;
    }

    /**
     * The application's entry as it was, where all others are as we left them; else their weights
     * count as they are now, and it has what its sides have.
     */
    private ArrayNode shares(JsonNode found, JsonNode made, JsonNode live) {
        var before = found instanceof ArrayNode all ? all : JSON.arrayNode();
        var whole =
                before.valueStream()
                        .map(GivenBack::withoutWeight)
                        .filter(
                                it ->
                                        made.valueStream()
                                                .map(GivenBack::withoutWeight)
                                                .noneMatch(it::equals))
                        .toList();
        Predicate<JsonNode> ours = it -> leadsToSides(it) || whole.contains(withoutWeight(it));
        var others = live.valueStream().filter(ours.negate()).toList();
        boolean asLeft =
                others.size() == made.valueStream().filter(ours.negate()).count()
                        && others.stream().allMatch(it -> contains(made, it));
        int sum = live.valueStream().filter(ours).mapToInt(it -> it.path(WEIGHT).asInt(1)).sum();
        if (asLeft || whole.size() != 1 || sum == 0) {
            return before;
        }
        var shares = JSON.arrayNode();
        boolean placed = false;
        for (JsonNode entry : live) {
            if (!ours.test(entry)) {
                shares.add(entry);
            } else if (!placed) {
                shares.add(((ObjectNode) whole.getFirst().deepCopy()).put(WEIGHT, sum));
                placed = true;
            }
        }
        return shares;
    }

    /** Without the weight of what has all there is. */
    private static JsonNode alone(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            var copy = JSON.objectNode();
            object.properties().forEach(it -> copy.set(it.getKey(), alone(it.getValue())));
            return copy;
        }
        if (tree instanceof ArrayNode list) {
            var copy = JSON.arrayNode();
            boolean isSole = list.size() == 1 && list.path(0).path(WEIGHT).asInt(1) > 0;
            list.forEach(it -> copy.add(alone(isSole ? withoutWeight(it) : it)));
            return copy;
        }
        return tree;
    }

    private static JsonNode withoutWeight(JsonNode entry) {
        return entry instanceof ObjectNode object && object.has(WEIGHT)
                ? object.deepCopy().without(WEIGHT)
                : entry;
    }

    /**
     * Entries beside each other that are ours, or whose places ours have.
     *
     * @param start index of the first
     */
    private record Run(int start, List<JsonNode> entries) {}

    private static List<Run> runs(JsonNode list, Predicate<JsonNode> ours) {
        List<Run> runs = new ArrayList<>();
        List<JsonNode> entries = List.of();
        for (int i = 0; i < list.size(); i++) {
            if (!ours.test(list.path(i))) {
                entries = List.of();
                continue;
            }
            if (entries.isEmpty()) {
                entries = new ArrayList<>();
                runs.add(new Run(i, entries));
            }
            entries.add(list.path(i));
        }
        return runs;
    }

    /** What was found is put where ours are, or, where these stand otherwise, behind its own. */
    private ArrayNode rules(JsonNode found, JsonNode made, JsonNode live) {
        Predicate<JsonNode> ours =
                it ->
                        !contains(found, it)
                                && (contains(made, it)
                                        || (leadsToSides(it) && !isEdited(found, made, live, it)));
        var before = runs(found, it -> !contains(made, it) && !contains(live, it));
        var rendered = runs(made, it -> !contains(found, it));
        var now = runs(live, ours);
        List<List<JsonNode>> at = new ArrayList<>();
        for (int i = 0; i <= live.size(); i++) {
            at.add(new ArrayList<>());
        }
        for (int i = 0; i < before.size(); i++) {
            var run = before.get(i);
            if (before.size() == now.size()) {
                var place = now.get(i);
                var same = rendered.size() == now.size() ? rendered.get(i) : run;
                at.get(place.start()).addAll(edited(run, same, place));
            } else if (i == before.size() - 1 && !now.isEmpty()) {
                at.get(now.getLast().start()).addAll(run.entries());
            } else {
                at.get(behind(found, run, live)).addAll(run.entries());
            }
        }
        var rules = JSON.arrayNode();
        for (int i = 0; i <= live.size(); i++) {
            rules.addAll(at.get(i));
            if (i < live.size() && !ours.test(live.path(i))) {
                rules.add(live.path(i));
            }
        }
        return rules;
    }

    /** True for a rule of its user's that named a side, and that somebody has changed since. */
    private boolean isEdited(JsonNode found, JsonNode made, JsonNode live, JsonNode rule) {
        return found.valueStream()
                        .filter(it -> contains(made, it) && !contains(live, it))
                        .anyMatch(it -> leadsToSides(it) && isForTheSame(it, rule))
                && made.valueStream()
                        .filter(it -> !contains(found, it))
                        .noneMatch(it -> isForTheSame(it, rule));
    }

    private static boolean isForTheSame(JsonNode one, JsonNode other) {
        return CONDITIONS.stream().allMatch(it -> one.path(it).equals(other.path(it)));
    }

    /** Where the next before it that is there still ends; the beginning where there is none. */
    private static int behind(JsonNode found, Run run, JsonNode live) {
        for (int i = run.start() - 1; i >= 0; i--) {
            for (int k = 0; k < live.size(); k++) {
                if (ClusterObject.isSame(live.path(k), found.path(i))) {
                    return k + 1;
                }
            }
        }
        return 0;
    }

    /** With what else was changed in each of them, as long as it can be told which is which. */
    private List<JsonNode> edited(Run found, Run made, Run live) {
        int size = found.entries().size();
        List<JsonNode> edited = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (made.entries().size() != size || live.entries().size() != size) {
                return found.entries();
            }
            var one = merged(found.entries().get(i), made.entries().get(i), live.entries().get(i));
            if (leadsToSides(one)) {
                return found.entries();
            }
            edited.add(one);
        }
        return edited;
    }

    private static boolean contains(JsonNode list, JsonNode entry) {
        return list.valueStream().anyMatch(it -> ClusterObject.isSame(it, entry));
    }
}
