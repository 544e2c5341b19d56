package dev.serinus.router.objects;

import dev.serinus.schemas.canary.StepAnnotation;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * The step that last changed an object, kept on it as {@value #ANNOTATION}: whoever comes for the
 * same Canary with an earlier one is too late.
 *
 * @param canary UID of the Canary that the step belongs to; empty on what an earlier release wrote
 */
public record Mark(String canary, long run, long step) {

    /** Where it is kept. */
    public static final String ANNOTATION = StepAnnotation.NAME;

    /** Reads what {@link #toString} wrote, now or in an earlier release; all else is no mark. */
    public static Optional<Mark> parse(@Nullable String text) {
        return StepAnnotation.parse(text)
                .map(found -> new Mark(found.canary(), found.run(), found.step()));
    }

    /** True when this came after {@code other} for the same Canary, as far as that is known. */
    public boolean isAfter(Mark other) {
        return isOf(other.canary) && (run != other.run ? run > other.run : step > other.step);
    }

    /** True when both are the same step, as far as the Canary is known. */
    public boolean isSameAs(Mark other) {
        return isOf(other.canary) && run == other.run && step == other.step;
    }

    /** False when it belongs to another Canary: one that was deleted had its own numbers. */
    public boolean isOf(String uid) {
        return annotation().isOf(uid);
    }

    /** The step without the Canary. */
    public String number() {
        return annotation().number();
    }

    private StepAnnotation annotation() {
        return new StepAnnotation(run, step, canary);
    }

    @Override
    public String toString() {
        return annotation().toString();
    }
}
