package dev.serinus.router.route.alb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.mesh.Alb;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String ACTION = Alb.ANNOTATIONS + "actions.";

    /** Stands for a port where an action of the backend's name says where requests go. */
    private static final String USE_ANNOTATION = "use-annotation";

    private static final String PORT = "port";

    /** Whose an Ingress is, by the note on it; empty when there is none. */
    static Optional<SteeredIngress> of(ClusterObject ingress) {
        return ingress.steeredFor().map(SteeredIngress::new);
    }

    ApexShare share() {
        return new ApexShare(apex);
    }

    String action() {
        return action(apex);
    }

    static String action(String name) {
        return ACTION + name;
    }

    private IngressNote note(ClusterObject ingress) {
        return IngressNote.of(ingress, apex);
    }

    /**
     * The ports by which backends lead to the apex Service itself, or did before they were led to
     * the action that was made for them.
     */
    List<JsonNode> ports(ClusterObject ingress) {
        return Stream.concat(
                        directPorts(ingress),
                        madeItsAction(ingress) && usesItsAction(ingress)
                                ? Stream.of(note(ingress).port())
                                : Stream.empty())
                .distinct()
                .toList();
    }

    private Stream<JsonNode> directPorts(ClusterObject ingress) {
        return services(ingress.at("/spec")).filter(this::isDirect).map(it -> it.path(PORT));
    }

    /** The actions that backends use, by their names, whatever they do. */
    static Map<String, String> used(ClusterObject ingress) {
        Map<String, String> used = new TreeMap<>();
        services(ingress.at("/spec"))
                .filter(SteeredIngress::usesAction)
                .map(SteeredIngress::name)
                .forEach(
                        name -> {
                            String action = ingress.annotation(action(name));
                            if (action != null) {
                                used.put(name, action);
                            }
                        });
        return used;
    }

    /** Names of the Services, and of the actions, that backends lead to. */
    static Stream<String> names(ClusterObject ingress) {
        return services(ingress.at("/spec")).map(SteeredIngress::name).distinct();
    }

    /** The actions that backends use and that forward to the application, by their names. */
    Map<String, ForwardAction> actions(ClusterObject ingress) {
        Map<String, ForwardAction> actions = new TreeMap<>();
        used(ingress)
                .forEach(
                        (name, text) ->
                                ForwardAction.parse(text)
                                        .filter(it -> share().isOf(it, isNoted(ingress, name)))
                                        .ifPresent(it -> actions.put(name, it)));
        return actions;
    }

    private boolean isNoted(ClusterObject ingress, String name) {
        var note = note(ingress);
        return (name.equals(apex) && note.isMade()) || note.actions().containsKey(name);
    }

    /** True when the action called after the apex is one that was made here. */
    boolean madeItsAction(ClusterObject ingress) {
        return note(ingress).isMade();
    }

    /** True when a backend uses an action of the apex's name. */
    boolean usesItsAction(ClusterObject ingress) {
        return services(ingress.at("/spec"))
                .anyMatch(it -> usesAction(it) && name(it).equals(apex));
    }

    /** The largest share that the canary has in any action; empty when its sides are in none. */
    Optional<Split> shown(ClusterObject ingress) {
        return actions(ingress).values().stream()
                .filter(share()::isDivided)
                .map(share()::shown)
                .max(Comparator.comparing(Split::canaryWeight));
    }

    /** True when a client may stay with a target group that has no share any more. */
    boolean keepsClients(ClusterObject ingress) {
        return actions(ingress).values().stream().anyMatch(ForwardAction::isSticky);
    }

    /** The actions by which the application is divided, or is to be. */
    Map<String, ForwardAction> divisible(ClusterObject ingress) {
        var actions = actions(ingress);
        ports(ingress).stream()
                .findFirst()
                .ifPresent(port -> actions.put(apex, made(ingress, port)));
        return actions;
    }

    /** The action that is made for this port, with what its user has added to it since. */
    private ForwardAction made(ClusterObject ingress, JsonNode port) {
        return Optional.ofNullable(ingress.annotation(action()))
                .filter(_ -> madeItsAction(ingress))
                .flatMap(ForwardAction::parse)
                .filter(it -> share().isOf(it, true))
                .map(it -> it.at(port, share()::isOurs))
                .orElseGet(() -> ForwardAction.to(apex, port));
    }

    /** Divides what the application has. */
    void divide(Edit edit, ClusterObject ingress, Split split) {
        var before = note(ingress);
        var ports = ports(ingress);
        JsonNode port = ports.isEmpty() ? before.port() : ports.getFirst();
        Map<String, String> noted = new TreeMap<>();
        edit.put("spec", byActions(ingress));
        divisible(ingress)
                .forEach(
                        (name, action) -> {
                            if (port.isMissingNode() || !name.equals(apex)) {
                                noteAction(ingress, before, name, action, noted);
                            }
                            edit.annotate(action(name), share().divided(action, split).toString());
                        });
        edit.annotate(
                IngressNote.annotation(apex), new IngressNote(port.deepCopy(), noted).toString());
    }

    private void noteAction(
            ClusterObject ingress,
            IngressNote before,
            String name,
            ForwardAction action,
            Map<String, String> noted) {
        String theirs = ingress.annotation(action(name));
        if (!share().isDivided(action) && theirs != null) {
            noted.put(name, theirs);
        } else {
            before.action(name).ifPresent(it -> noted.put(name, it));
        }
    }

    /** The spec in which no backend leads to the apex but by an action. */
    private ObjectNode byActions(ClusterObject ingress) {
        var spec = spec(ingress);
        services(spec)
                .filter(this::isDirect)
                .forEach(it -> it.putObject(PORT).put("name", USE_ANNOTATION));
        return spec;
    }

    private static ObjectNode spec(ClusterObject ingress) {
        return ingress.at("/spec") instanceof ObjectNode found
                ? found.deepCopy()
                : JSON.objectNode();
    }

    /** Gives the primary what the canary has, in every action. */
    void withdraw(Edit edit, ClusterObject ingress) {
        actions(ingress)
                .forEach(
                        (name, action) -> {
                            if (share().isDivided(action)) {
                                edit.annotate(action(name), share().withdrawn(action).toString());
                            }
                        });
    }

    /**
     * What to change in an Ingress so that it leads as {@code leading} and has the target groups of
     * {@code other} besides, with weight 0; empty when it has all of them already.
     */
    Optional<Consumer<Edit>> naming(ClusterObject leading, ClusterObject other) {
        var now = leads(leading);
        var then = leads(other);
        Map<String, ForwardAction> named = new TreeMap<>();
        now.forEach(
                (name, action) ->
                        Optional.ofNullable(then.get(name))
                                .flatMap(it -> share().naming(action, it))
                                .ifPresent(it -> named.put(name, it)));
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        edit -> {
                            edit.put("spec", byActions(leading));
                            named.forEach((name, it) -> edit.annotate(action(name), it.toString()));
                        });
    }

    /** The actions by which requests reach the application now. */
    private Map<String, ForwardAction> leads(ClusterObject ingress) {
        var actions = actions(ingress);
        directPorts(ingress)
                .findFirst()
                .ifPresent(port -> actions.putIfAbsent(apex, ForwardAction.to(apex, port)));
        return actions;
    }

    /**
     * The Ingress as it was but for what its user has changed in it since; empty when it is not in
     * our hands. Where our note was taken away, what leads to a side leads to the apex.
     */
    Optional<ClusterObject> restored(ClusterObject live) {
        boolean ours =
                live.annotation(IngressNote.annotation(apex)) != null
                        || (of(live).isEmpty() && shown(live).isPresent());
        return ours ? Optional.of(live.edited(edit -> giveBack(edit, live))) : Optional.empty();
    }

    private void giveBack(Edit edit, ClusterObject live) {
        var note = note(live);
        var actions = actions(live);
        if (note.isMade() && !isShared(live)) {
            actions.remove(apex);
            edit.withoutAnnotations(action()::equals);
            services(edit.spec())
                    .filter(it -> usesAction(it) && name(it).equals(apex))
                    .forEach(it -> it.set(PORT, note.port().deepCopy()));
        }
        actions.forEach(
                (name, action) ->
                        edit.annotate(
                                action(name), share().given(action, note.action(name).orElse(""))));
        note.actions()
                .forEach(
                        (name, theirs) -> {
                            if (live.annotation(action(name)) == null
                                    && names(live).anyMatch(name::equals)) {
                                edit.annotate(action(name), theirs);
                            }
                        });
        edit.withoutAnnotations(it -> it.startsWith(ClusterObject.OURS));
    }

    /** True where the action that was made here leads to others by now as well. */
    private boolean isShared(ClusterObject ingress) {
        return Optional.ofNullable(ingress.annotation(action()))
                .flatMap(ForwardAction::parse)
                .filter(it -> !it.groups().valueStream().allMatch(share()::isOurs))
                .isPresent();
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
}
