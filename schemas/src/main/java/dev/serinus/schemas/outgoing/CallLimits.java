package dev.serinus.schemas.outgoing;

import java.time.Duration;

/**
 * How much one client may have under way, so that nobody's calls keep those of others from being
 * made.
 *
 * @param calls at once, for all
 * @param callsOfNamespace at once, for the canaries of one namespace
 * @param callsOfCanary at once, for one canary
 * @param bytes of answers being read, for all
 * @param bytesOfNamespace of answers being read, for the canaries of one namespace
 * @param longestWait how long a call waits for its turn before it is given up
 */
public record CallLimits(
        int calls,
        int callsOfNamespace,
        int callsOfCanary,
        long bytes,
        long bytesOfNamespace,
        Duration longestWait) {

    public CallLimits {
        if (callsOfCanary < 1 || callsOfNamespace < callsOfCanary || calls < callsOfNamespace) {
            throw new IllegalArgumentException(
                    "calls at once must be 1 <= of a canary <= of a namespace <= of all, were "
                            + callsOfCanary
                            + ", "
                            + callsOfNamespace
                            + ", "
                            + calls);
        }
        if (bytesOfNamespace < 1 || bytes < bytesOfNamespace) {
            throw new IllegalArgumentException(
                    "bytes at once must be 1 <= of a namespace <= of all, were "
                            + bytesOfNamespace
                            + ", "
                            + bytes);
        }
    }

    /**
     * A quarter of the calls for each namespace, a twentieth for each canary; 16 MiB of answers, a
     * half of it for each namespace; half a minute of waiting.
     */
    public static CallLimits of(int calls) {
        int canary = Math.max(1, calls / 20);
        return new CallLimits(
                calls,
                Math.max(canary, calls / 4),
                canary,
                16L << 20,
                8L << 20,
                Duration.ofSeconds(30));
    }

    /** The same with room for two answers of this length in each namespace, and for four in all. */
    public CallLimits withRoomFor(int longestAnswer) {
        return new CallLimits(
                calls,
                callsOfNamespace,
                callsOfCanary,
                Math.max(bytes, 4L * longestAnswer),
                Math.max(bytesOfNamespace, 2L * longestAnswer),
                longestWait);
    }
}
