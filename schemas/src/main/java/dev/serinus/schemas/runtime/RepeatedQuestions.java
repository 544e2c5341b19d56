package dev.serinus.schemas.runtime;

/**
 * A handler that answers questions which are asked again while no answer comes. Of those that stand
 * in line, only the last of each is handled; and what was in line when the same was answered needs
 * no other answer. So whoever is late does not get more to do by it.
 */
public interface RepeatedQuestions<V> extends RecordHandler<V> {

    /** True when {@code later} asks what {@code earlier} asked, and has no other answer. */
    boolean isRepeat(V later, V earlier);
}
