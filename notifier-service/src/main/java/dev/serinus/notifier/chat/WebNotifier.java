package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A service that is called over HTTP. It counts a message as taken when it answers 2xx and has no
 * complaint.
 */
public non-sealed interface WebNotifier extends Notifier {

    @Override
    default Optional<String> wrongAddress(String address) {
        return Addresses.parse(address).isPresent()
                ? Optional.empty()
                : Optional.of("must begin with https:// or http:// and a host");
    }

    /** The body to send. */
    JsonNode payload(Message message, Destination destination);

    /** POST or PUT. */
    default String method(Destination destination) {
        return "POST";
    }

    /** Where to post, given the address as written. */
    default URI address(URI written) {
        return written;
    }

    /** Where to post this message. */
    default URI address(URI written, Message message) {
        return address(written);
    }

    /** Headers besides Content-Type. */
    default Map<String, String> headers(Destination destination) {
        return Map.of();
    }

    /** Headers that say who sent this very body. */
    default Map<String, String> signature(
            Destination destination, Message message, String body, Instant at) {
        return Map.of();
    }

    /** Why a 2xx answer is a refusal all the same; never quotes what may be a secret. */
    default Optional<String> complaint(String answer) {
        return Optional.empty();
    }

    /** True for a {@link #complaint} after which another attempt may end better. */
    default boolean mayTakeItLater(String complaint) {
        return false;
    }

    /** True for a refusal which says that it is so already. */
    default boolean isSoAlready(int status, String answer) {
        return false;
    }
}
