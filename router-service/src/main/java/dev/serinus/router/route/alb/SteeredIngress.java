package dev.serinus.router.route.alb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.mesh.Alb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An Ingress of the user's in which an application shares its requests between its sides. What
 * leads to the apex Service itself leads to an action called after it instead; in an action of the
 * user's own that forwards to it, what the application had is divided, and others keep their share.
 * What it was like is noted, anew whenever its user leads it to the apex again, and given back;
 * nothing else of the Ingress is touched.
 *
 * @param apex name of the application's Service; the sides' names begin with it
 */
record SteeredIngress(String apex) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonMapper TEXT = JsonMapper.builder().build();
    private static final String ACTION = Alb.ANNOTATIONS + "actions.";

    /** Stands for a port where an action of the backend's name says where requests go. */
    private static final String USE_ANNOTATION = "use-annotation";

    /** Of the note: the port of the backends that led to the apex itself. */
    private static final String PORT = "port";

    /** Of the note: actions of the user's own, as they were. */
    private static final String ACTIONS = "actions";

    /** Whose an Ingress is, by the note on it; empty when there is none. */
    static Optional<SteeredIngress> of(ClusterObject ingress) {
        return ingress.steeredFor().map(SteeredIngress::new);
    }

    String primary() {
        return apex + "-primary";
    }

    String candidate() {
        return apex + "-canary";
    }

    String action() {
        return action(apex);
    }

    static String action(String name) {
        return ACTION + name;
    }

    /**
     * The ports by which backends lead to the apex Service itself; or did, where the action that
     * was made for them was taken away.
     */
    List<JsonNode> ports(ClusterObject ingress) {
        var direct =
                services(ingress.at("/spec"))
                        .filter(this::isDirect)
                        .map(it -> it.path(PORT))
                        .distinct()
                        .toList();
        boolean isLost =
                direct.isEmpty()
                        && madeItsAction(ingress)
                        && usesItsAction(ingress)
                        && !actions(ingress).containsKey(apex);
        return isLost ? List.of(noted(ingress).path(PORT)) : direct;
    }

    /** The actions that backends use and that forward to the application, by their names. */
    Map<String, ForwardAction> actions(ClusterObject ingress) {
        return actions(ingress.at("/spec"), ingress);
    }

    private Map<String, ForwardAction> actions(JsonNode spec, ClusterObject annotated) {
        Map<String, ForwardAction> actions = new TreeMap<>();
        services(spec)
                .filter(SteeredIngress::usesAction)
                .map(SteeredIngress::name)
                .distinct()
                .forEach(
                        name ->
                                Optional.ofNullable(annotated.annotation(action(name)))
                                        .flatMap(ForwardAction::parse)
                                        .filter(
                                                it ->
                                                        it.groups()
                                                                .valueStream()
                                                                .anyMatch(this::isOurs))
                                        .ifPresent(it -> actions.put(name, it)));
        return actions;
    }

    /** True when the action called after the apex is one that was made here. */
    boolean madeItsAction(ClusterObject ingress) {
        return noted(ingress).has(PORT);
    }

    /** True when a backend uses an action of the apex's name. */
    boolean usesItsAction(ClusterObject ingress) {
        return services(ingress.at("/spec"))
                .anyMatch(it -> usesAction(it) && name(it).equals(apex));
    }

    /** The largest share that the canary has in any action; empty when its sides are in none. */
    Optional<Split> shown(ClusterObject ingress) {
        return actions(ingress).values().stream()
                .filter(it -> AdoptedWeights.has(it.groups(), this::owner, Owner.SIDE))
                .map(this::shown)
                .max(Comparator.comparing(Split::canaryWeight));
    }

    private Split shown(ForwardAction action) {
        long canary = 0;
        long primary = 0;
        for (JsonNode group : action.groups()) {
            if (ForwardAction.service(group).equals(candidate())) {
                canary += ForwardAction.weight(group);
            } else if (isOurs(group)) {
                primary += ForwardAction.weight(group);
            }
        }
        return Split.ofWeights(primary, canary);
    }

    /** Divides what the application has. */
    void divide(Edit edit, ClusterObject ingress, Split split) {
        var before = noted(ingress);
        var noted = JSON.objectNode();
        var expanded = expanded(ingress);
        JsonNode port = expanded.port().isMissingNode() ? before.path(PORT) : expanded.port();
        if (!port.isMissingNode()) {
            noted.set(PORT, port);
        }
        edit.put("spec", expanded.spec());
        expanded.actions()
                .forEach(
                        (name, action) -> {
                            boolean isMade = name.equals(apex) && noted.has(PORT);
                            if (!isMade) {
                                keep(ingress, before, name, action, noted);
                            }
                            edit.annotate(action(name), divided(action, split).toString());
                        });
        edit.annotate(note(), noted.toString());
    }

    private void keep(
            ClusterObject ingress,
            JsonNode before,
            String name,
            ForwardAction action,
            ObjectNode noted) {
        if (!AdoptedWeights.has(action.groups(), this::owner, Owner.SIDE)) {
            noted.withObjectProperty(ACTIONS).put(name, ingress.annotation(action(name)));
        } else if (before.path(ACTIONS).has(name)) {
            noted.withObjectProperty(ACTIONS).set(name, before.path(ACTIONS).path(name));
        }
    }

    /**
     * The action with the application's share divided. A client that is to stay with the target
     * group that it met stays also when that weighs nothing and has no pods: there a side without a
     * share is left out.
     */
    ForwardAction divided(ForwardAction action, Split split) {
        List<ObjectNode> sides = new ArrayList<>();
        var shares = split.shares();
        if (!action.isSticky() || shares.primary() > 0) {
            sides.add(side(action, primary(), shares.primary()));
        }
        if (!action.isSticky() || shares.canary() > 0) {
            sides.add(side(action, candidate(), shares.canary()));
        }
        return action.with(
                AdoptedWeights.merged(action.groups(), sides, this::owner, ForwardAction::weight));
    }

    private ObjectNode side(ForwardAction action, String service, int weight) {
        return AdoptedWeights.template(action.groups(), this::owner)
                .put(ForwardAction.SERVICE, service)
                .put(ForwardAction.WEIGHT, weight);
    }

    /** Gives the primary what the canary has, in every action. */
    void withdraw(Edit edit, ClusterObject ingress) {
        actions(ingress)
                .forEach(
                        (name, action) -> {
                            if (AdoptedWeights.has(action.groups(), this::owner, Owner.SIDE)) {
                                edit.annotate(
                                        action(name), divided(action, Split.PRIMARY).toString());
                            }
                        });
    }

    /**
     * What to change in an Ingress so that it leads as {@code leading} and has the target groups of
     * {@code other} besides, with weight 0; empty when it has all of them already.
     */
    Optional<Consumer<Edit>> naming(ClusterObject leading, ClusterObject other) {
        var now = expanded(leading);
        var then = expanded(other).actions();
        Map<String, ForwardAction> named = new TreeMap<>();
        now.actions()
                .forEach(
                        (name, action) ->
                                Optional.ofNullable(then.get(name))
                                        .flatMap(it -> naming(action, it))
                                        .ifPresent(it -> named.put(name, it)));
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        edit -> {
                            edit.put("spec", now.spec().deepCopy());
                            named.forEach((name, it) -> edit.annotate(action(name), it.toString()));
                        });
    }

    private Optional<ForwardAction> naming(ForwardAction action, ForwardAction other) {
        var groups = JSON.arrayNode();
        Set<String> known = new HashSet<>();
        for (JsonNode group : action.groups()) {
            known.add(ForwardAction.service(group));
            groups.add(
                    group.deepCopy() instanceof ObjectNode copy
                            ? copy.put(ForwardAction.WEIGHT, ForwardAction.weight(group))
                            : group);
        }
        int before = groups.size();
        for (JsonNode group : other.groups()) {
            if (isOurs(group)
                    && known.add(ForwardAction.service(group))
                    && group.deepCopy() instanceof ObjectNode missing) {
                groups.add(missing.put(ForwardAction.WEIGHT, 0));
            }
        }
        boolean isMore = groups.size() > before && groups.size() <= ForwardAction.MOST_GROUPS;
        return isMore ? Optional.of(action.with(groups)) : Optional.empty();
    }

    /**
     * The Ingress as it was but for what its user has changed in it since; empty when it is not in
     * our hands. Where our note was taken away, what leads to a side leads to the apex.
     */
    Optional<ClusterObject> restored(ClusterObject live) {
        boolean ours =
                live.annotation(note()) != null || (of(live).isEmpty() && shown(live).isPresent());
        return ours ? Optional.of(live.edited(edit -> giveBack(edit, live))) : Optional.empty();
    }

    private void giveBack(Edit edit, ClusterObject live) {
        var noted = noted(live);
        actions(live)
                .forEach(
                        (name, action) -> {
                            boolean isMade = name.equals(apex) && noted.has(PORT);
                            if (isMade && action.groups().valueStream().allMatch(this::isOurs)) {
                                edit.withoutAnnotations(action(name)::equals);
                                services(edit.spec())
                                        .filter(it -> usesAction(it) && name(it).equals(apex))
                                        .forEach(it -> it.set(PORT, noted.path(PORT).deepCopy()));
                            } else {
                                String theirs = noted.path(ACTIONS).path(name).asText();
                                edit.annotate(action(name), given(action, theirs));
                            }
                        });
        edit.withoutAnnotations(it -> it.startsWith(ClusterObject.OURS));
    }

    /** An action as it was, if all else in it is as we left it; else the same shares. */
    private String given(ForwardAction action, String theirs) {
        boolean isAsLeft =
                ForwardAction.parse(theirs)
                        .map(it -> divided(it, Split.PRIMARY))
                        .filter(it -> frame(it).equals(frame(action)))
                        .isPresent();
        if (isAsLeft) {
            return theirs;
        }
        var whole = side(action, apex, AdoptedWeights.ALL);
        var groups =
                AdoptedWeights.merged(
                        action.groups(), List.of(whole), this::owner, ForwardAction::weight);
        if (groups.size() == 1 && groups.get(0) instanceof ObjectNode alone) {
            alone.remove(ForwardAction.WEIGHT);
        }
        return action.with(groups).toString();
    }

    /** All of an action but how the application's share is divided. */
    private JsonNode frame(ForwardAction action) {
        var groups = JSON.arrayNode();
        action.groups().valueStream().filter(it -> !isOurs(it)).forEach(groups::add);
        var ours = AdoptedWeights.template(action.groups(), this::owner);
        ours.remove(List.of(ForwardAction.SERVICE, ForwardAction.WEIGHT));
        return action.with(groups.add(ours)).json();
    }

    /**
     * An Ingress in which no backend leads to the apex but by an action.
     *
     * @param port by which backends did; missing when none did
     * @param actions that forward to the application
     */
    private record Expanded(ObjectNode spec, JsonNode port, Map<String, ForwardAction> actions) {}

    private Expanded expanded(ClusterObject ingress) {
        ObjectNode spec =
                ingress.at("/spec") instanceof ObjectNode found
                        ? found.deepCopy()
                        : JSON.objectNode();
        var ports = ports(ingress);
        JsonNode port = ports.isEmpty() ? MissingNode.getInstance() : ports.getFirst().deepCopy();
        services(spec)
                .filter(this::isDirect)
                .forEach(it -> it.putObject(PORT).put("name", USE_ANNOTATION));
        var actions = actions(spec, ingress);
        if (!port.isMissingNode()) {
            actions.put(apex, ForwardAction.to(apex, port));
        }
        return new Expanded(spec, port, actions);
    }

    Owner owner(JsonNode group) {
        String service = ForwardAction.service(group);
        if (service.equals(apex)) {
            return Owner.APPLICATION;
        }
        return service.equals(primary()) || service.equals(candidate()) ? Owner.SIDE : Owner.OTHER;
    }

    private boolean isOurs(JsonNode group) {
        return owner(group) != Owner.OTHER;
    }

    private boolean isDirect(ObjectNode service) {
        return name(service).equals(apex) && !usesAction(service);
    }

    private static boolean usesAction(ObjectNode service) {
        return service.path(PORT).path("name").asText().equals(USE_ANNOTATION);
    }

    private static String name(ObjectNode service) {
        return service.path("name").asText();
    }

    /** The Services that paths and the default backend lead to. */
    private static Stream<ObjectNode> services(JsonNode spec) {
        return Stream.concat(
                        IngressBackends.paths(spec).map(path -> path.path("backend")),
                        Stream.of(spec.path("defaultBackend")))
                .map(backend -> backend.path("service"))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast);
    }

    /** Nothing when it cannot be read: then the same shares are given back. */
    private JsonNode noted(ClusterObject ingress) {
        String noted = ingress.annotation(note());
        try {
            return noted == null ? MissingNode.getInstance() : TEXT.readTree(noted);
        } catch (JsonProcessingException malformed) {
            return MissingNode.getInstance();
        }
    }

    private String note() {
        return ClusterObject.STEERED + apex;
    }
}
