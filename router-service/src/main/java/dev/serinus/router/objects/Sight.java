package dev.serinus.router.objects;

import java.time.Duration;

/** What the watches show of an object at this moment, without a request. */
public sealed interface Sight {

    /** No watch that stands tells anything about it. */
    record Unwatched() implements Sight {}

    /** A watch that stands has read all objects of its kind, and this is none of them. */
    record Absent() implements Sight {}

    /** It is there at this version; what it says was not kept. */
    record At(String version) implements Sight {}

    /**
     * It is there, and this is what it says.
     *
     * @param age how long ago it is known to have been so
     */
    record Whole(ClusterObject object, Duration age) implements Sight {}
}
