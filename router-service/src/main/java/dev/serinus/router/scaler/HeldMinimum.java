package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Noted on an autoscaler whose minimum was raised, so that it does not take away the pods that
 * traffic is about to need: its own numbers follow only when the traffic is there.
 *
 * @param own the minimum that it had; null where it said none
 * @param until when it has its own again at the earliest
 */
record HeldMinimum(@Nullable Integer own, Instant until) {

    /** Where it is kept: the minimum, or a dash, and the time. */
    static final String ANNOTATION = ClusterObject.OURS + "held-minimum";

    private static final String NONE = "-";

    /** What is noted on it; empty where nothing is, or nothing that was written here. */
    static Optional<HeldMinimum> of(ClusterObject scaler) {
        String noted = scaler.annotation(ANNOTATION);
        String[] parts = noted == null ? new String[0] : noted.split(" ", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new HeldMinimum(
                            parts[0].equals(NONE) ? null : Integer.valueOf(parts[0]),
                            Instant.parse(parts[1])));
        } catch (NumberFormatException | DateTimeParseException somebodyElses) {
            return Optional.empty();
        }
    }

    /** Of one that is not held yet. */
    static HeldMinimum begun(ClusterObject scaler, Scaler kind, Instant until) {
        var own = scaler.at("/spec/" + kind.minimumField());
        return new HeldMinimum(own.isInt() ? own.intValue() : null, until);
    }

    HeldMinimum until(Instant other) {
        return new HeldMinimum(own, other);
    }

    /** The autoscaler with at least so many pods, and with this noted on it. */
    ClusterObject on(ClusterObject scaler, Scaler kind, int pods) {
        return scaler.edited(
                edit -> {
                    edit.spec(kind.minimumField(), JsonNodeFactory.instance.numberNode(pods));
                    edit.annotate(ANNOTATION, (own == null ? NONE : own) + " " + until);
                });
    }

    /** The autoscaler with its own minimum. */
    ClusterObject off(ClusterObject scaler, Scaler kind) {
        return scaler.edited(
                edit -> {
                    edit.spec(
                            kind.minimumField(),
                            own == null ? null : JsonNodeFactory.instance.numberNode(own));
                    edit.withoutAnnotations(ANNOTATION::equals);
                });
    }
}
