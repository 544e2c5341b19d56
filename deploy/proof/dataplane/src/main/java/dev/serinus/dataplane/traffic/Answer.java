package dev.serinus.dataplane.traffic;

import java.util.List;

/**
 * What became of one request.
 *
 * @param sent as {@link System#nanoTime} counts
 * @param received likewise
 * @param client who asked
 * @param status 0 when there was no answer
 * @param pod who answered; empty when no pod did
 * @param version of that pod; empty when no pod did
 * @param cookies what the client is told to keep
 * @param trouble why there was no good answer; empty when there was one
 */
public record Answer(
        long sent,
        long received,
        int client,
        int status,
        String pod,
        String version,
        List<String> cookies,
        String trouble) {

    public Answer {
        cookies = List.copyOf(cookies);
    }

    /** From a pod, and a good one. */
    public boolean isGood() {
        return status == 200 && !pod.isEmpty();
    }
}
