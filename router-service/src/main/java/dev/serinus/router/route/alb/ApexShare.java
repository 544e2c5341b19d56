package dev.serinus.router.route.alb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.Split;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an application has of the requests of an action, and how its two sides share that. Target
 * groups of others keep their share.
 *
 * @param apex name of the application's Service; the sides' names begin with it
 */
record ApexShare(String apex) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What AWS takes leaves room for so many times the weights of percents. */
    private static final int MOST_SCALE = ForwardAction.MOST_WEIGHT / AdoptedWeights.ALL;

    /** A share that is off by no more than this is the same. */
    private static final double NEAR = 0.05;

    String primary() {
        return apex + "-primary";
    }

    String candidate() {
        return apex + "-canary";
    }

    Owner owner(JsonNode group) {
        String service = ForwardAction.service(group);
        if (service.equals(apex)) {
            return Owner.APPLICATION;
        }
        return service.equals(primary()) || service.equals(candidate()) ? Owner.SIDE : Owner.OTHER;
    }

    boolean isOurs(JsonNode group) {
        return owner(group) != Owner.OTHER;
    }

    /**
     * True for an action in which the application has a share.
     *
     * @param isNoted whether it is noted that we divide it; else one to the canary alone is
     *     somebody's preview
     */
    boolean isOf(ForwardAction action, boolean isNoted) {
        return action.groups()
                .valueStream()
                .anyMatch(
                        group ->
                                isOurs(group)
                                        && (isNoted
                                                || !ForwardAction.service(group)
                                                        .equals(candidate())));
    }

    boolean isDivided(ForwardAction action) {
        return AdoptedWeights.has(action.groups(), this::owner, Owner.SIDE);
    }

    Split shown(ForwardAction action) {
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

    /** The action with the application's share divided. */
    ForwardAction divided(ForwardAction action, Split split) {
        int scale = scale(action);
        return divided(action, split.shares().primary() * scale, split.shares().canary() * scale);
    }

    /**
     * The action with all that the canary has at the primary, and nothing else changed where AWS
     * takes that.
     */
    ForwardAction withdrawn(ForwardAction action) {
        long whole = whole(action);
        return whole > 0 && whole <= ForwardAction.MOST_WEIGHT
                ? divided(action, (int) whole, 0)
                : divided(action, Split.PRIMARY);
    }

    /**
     * A client that is to stay with the target group that it met stays also when that weighs
     * nothing and has no pods. So a canary without a share is left out there; the primary, which
     * has pods, is named at all times: a target group that is made anew has none for a while.
     */
    private ForwardAction divided(ForwardAction action, int primary, int canary) {
        List<ObjectNode> sides = new ArrayList<>();
        sides.add(side(action, primary(), primary));
        if (!action.isSticky() || canary > 0) {
            sides.add(side(action, candidate(), canary));
        }
        return action.with(
                AdoptedWeights.merged(action.groups(), sides, this::owner, ForwardAction::weight));
    }

    private ObjectNode side(ForwardAction action, String service, int weight) {
        return AdoptedWeights.template(action.groups(), this::owner)
                .put(ForwardAction.SERVICE, service)
                .put(ForwardAction.WEIGHT, weight);
    }

    private long whole(ForwardAction action) {
        return action.groups()
                .valueStream()
                .filter(this::isOurs)
                .mapToLong(ForwardAction::weight)
                .sum();
    }

    /**
     * By how much the sides' percents are multiplied so that others can keep their share in whole
     * numbers; as it is where it was divided before.
     */
    private int scale(ForwardAction action) {
        long whole = whole(action);
        if (isDivided(action)
                && whole > 0
                && whole % AdoptedWeights.ALL == 0
                && whole / AdoptedWeights.ALL <= MOST_SCALE) {
            return (int) (whole / AdoptedWeights.ALL);
        }
        var others =
                action.groups()
                        .valueStream()
                        .filter(group -> !isOurs(group))
                        .mapToLong(ForwardAction::weight)
                        .filter(weight -> weight > 0)
                        .mapToObj(weight -> weight * AdoptedWeights.ALL / (double) whole)
                        .toList();
        int scale = 1;
        for (int more = 1; more <= MOST_SCALE; more++) {
            int by = more;
            if (others.stream().anyMatch(it -> it * by > ForwardAction.MOST_WEIGHT)) {
                return scale;
            }
            scale = more;
            if (others.stream().allMatch(it -> isNear(it * by))) {
                return scale;
            }
        }
        return scale;
    }

    private static boolean isNear(double weight) {
        return Math.abs(Math.max(1, Math.round(weight)) - weight) <= weight * NEAR;
    }

    /**
     * The action with the target groups of another one besides, with weight 0; empty when it has
     * them already. Where not all find room, those go first that have a share in the other one, and
     * in place of ours that have none here.
     */
    Optional<ForwardAction> naming(ForwardAction action, ForwardAction other) {
        List<JsonNode> groups = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (JsonNode group : action.groups()) {
            known.add(ForwardAction.service(group));
            groups.add(weighing(group, ForwardAction.weight(group)));
        }
        List<JsonNode> needed = new ArrayList<>();
        List<JsonNode> welcome = new ArrayList<>();
        for (JsonNode group : other.groups()) {
            if (isOurs(group) && known.add(ForwardAction.service(group))) {
                (ForwardAction.weight(group) > 0 ? needed : welcome).add(weighing(group, 0));
            }
        }
        for (int i = groups.size() - 1; i >= 0 && isFull(groups, needed.size()); i--) {
            if (isOurs(groups.get(i)) && ForwardAction.weight(groups.get(i)) == 0) {
                groups.remove(i);
            }
        }
        if (isFull(groups, needed.size())) {
            return Optional.empty();
        }
        groups.addAll(needed);
        boolean isMore = !needed.isEmpty();
        for (JsonNode group : welcome) {
            if (!isFull(groups, 1)) {
                groups.add(group);
                isMore = true;
            }
        }
        return isMore
                ? Optional.of(action.with(JSON.arrayNode().addAll(groups)))
                : Optional.empty();
    }

    private static boolean isFull(List<JsonNode> groups, int more) {
        return groups.size() + more > ForwardAction.MOST_GROUPS;
    }

    private static JsonNode weighing(JsonNode group, long weight) {
        return group.deepCopy() instanceof ObjectNode copy
                ? copy.put(ForwardAction.WEIGHT, weight)
                : group;
    }

    /**
     * An action as it was, if all else in it is as we left it; else the same shares.
     *
     * @param theirs as it was; empty where that is not known
     */
    String given(ForwardAction action, String theirs) {
        boolean isAsLeft =
                ForwardAction.parse(theirs)
                        .map(it -> divided(it, Split.PRIMARY))
                        .filter(it -> frame(it).equals(frame(action)))
                        .isPresent();
        if (isAsLeft) {
            return theirs;
        }
        long whole = whole(action);
        boolean isTaken = whole > 0 && whole <= ForwardAction.MOST_WEIGHT;
        var groups =
                AdoptedWeights.merged(
                        action.groups(),
                        List.of(side(action, apex, isTaken ? (int) whole : AdoptedWeights.ALL)),
                        this::owner,
                        ForwardAction::weight);
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
}
