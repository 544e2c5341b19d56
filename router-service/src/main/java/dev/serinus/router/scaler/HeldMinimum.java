package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Noted on an autoscaler whose minimum was raised, so that it does not take away the pods that
 * traffic is about to need: its own numbers follow only when the traffic is there.
 *
 * @param own the minimum that it had; null where it said none
 * @param idle how few pods it left where nothing was to do, if it said that beside its minimum;
 *     null where it did not
 * @param until when it may have its own again at the earliest
 */
record HeldMinimum(@Nullable Integer own, @Nullable Integer idle, Instant until) {

    /** Where it is kept: the minimum, or a dash, and the time. */
    static final String ANNOTATION = ClusterObject.OURS + "held-minimum";

    /**
     * How few pods it left, if it said that: apart from the rest, which a router that knows nothing
     * of it reads and writes anew.
     */
    static final String IDLE = ClusterObject.OURS + "held-idle";

    private static final String NONE = "-";
    private static final int PARTS = 2;

    /** What is noted on it; empty where nothing is, or nothing that was written here. */
    static Optional<HeldMinimum> of(ClusterObject scaler) {
        String noted = scaler.annotation(ANNOTATION);
        String[] parts = noted == null ? new String[0] : noted.split(" ", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        String idle = scaler.annotation(IDLE);
        try {
            return Optional.of(
                    new HeldMinimum(
                            parts[0].equals(NONE) ? null : Integer.valueOf(parts[0]),
                            idle == null ? null : Integer.valueOf(idle),
                            Instant.parse(parts[1])));
        } catch (NumberFormatException | DateTimeParseException somebodyElses) {
            return Optional.empty();
        }
    }

    /** Of one that is not held yet. */
    static HeldMinimum begun(ClusterObject scaler, Scaler kind, Instant until) {
        return new HeldMinimum(
                number(scaler, kind.minimumField()), number(scaler, kind.idleField()), until);
    }

    private static @Nullable Integer number(ClusterObject scaler, @Nullable String field) {
        var own = field == null ? MissingNode.getInstance() : scaler.at("/spec/" + field);
        return own.isInt() ? own.intValue() : null;
    }

    HeldMinimum until(Instant other) {
        return new HeldMinimum(own, idle, other);
    }

    /** The autoscaler with at least so many pods, and with this noted on it. */
    ClusterObject on(ClusterObject scaler, Scaler kind, int pods) {
        int least = Math.max(pods, kind.minimum(scaler));
        return scaler.edited(
                edit -> {
                    edit.spec(kind.minimumField(), JsonNodeFactory.instance.numberNode(least));
                    putIdle(edit, kind, null);
                    edit.annotate(ANNOTATION, (own == null ? NONE : own) + " " + until);
                    if (idle == null) {
                        edit.withoutAnnotations(IDLE::equals);
                    } else {
                        edit.annotate(IDLE, idle.toString());
                    }
                });
    }

    /** The autoscaler with its own minimum. */
    ClusterObject off(ClusterObject scaler, Scaler kind) {
        return scaler.edited(
                edit -> {
                    edit.spec(kind.minimumField(), node(own));
                    putIdle(edit, kind, idle);
                    edit.withoutAnnotations(key -> key.equals(ANNOTATION) || key.equals(IDLE));
                });
    }

    private static void putIdle(Edit edit, Scaler kind, @Nullable Integer idle) {
        String field = kind.idleField();
        if (field != null) {
            edit.spec(field, node(idle));
        }
    }

    private static @Nullable JsonNode node(@Nullable Integer number) {
        return number == null ? null : JsonNodeFactory.instance.numberNode(number);
    }
}
