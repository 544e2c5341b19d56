package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What is peculiar to one chat service. Everything here is pure; posting is the same for all. A
 * service counts a message as taken when it answers 2xx and has no complaint.
 */
public interface Notifier {

    /** The spec.type of AlertProviders it serves. */
    String type();

    /** The body to post. */
    JsonNode payload(Message message, Destination destination);

    /** Where to post, given the address as written. */
    default URI address(URI written) {
        return written;
    }

    /** Headers besides Content-Type. */
    default Map<String, String> headers(Destination destination) {
        return Map.of();
    }

    /** Why a 2xx answer is a refusal all the same; never quotes what may be a secret. */
    default Optional<String> complaint(String answer) {
        return Optional.empty();
    }
}
