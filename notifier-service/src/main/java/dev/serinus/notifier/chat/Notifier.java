package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is peculiar to one service that tells people. Everything here is pure; sending is the same
 * for all. A service counts a message as taken when it answers 2xx and has no complaint.
 */
public interface Notifier {

    /** The spec.type of AlertProviders it serves. */
    String type();

    /** The body to send. */
    JsonNode payload(Message message, Destination destination);

    /** A text as the service has it where it is to be read as it is, and not as markup. */
    default String escaped(String text) {
        return text;
    }

    /** Every mistake of a provider of this type, by path; none quotes what may be a secret. */
    default List<String> problems(Destination destination) {
        return List.of();
    }

    /** False for what this service is told nothing of. */
    default boolean tells(Message message) {
        return true;
    }

    /** True where trouble stays open there until a later run is told to be good. */
    default boolean opensIncidents() {
        return false;
    }

    /** False where a message has no room for what the receiver missed before. */
    default boolean saysWhatWasMissed() {
        return true;
    }

    /** True where a message needs to know what is released. */
    default boolean asksForTheRelease() {
        return false;
    }

    /** Where it is when neither provider nor Secret says so; empty where they have to. */
    default Optional<String> usualAddress() {
        return Optional.empty();
    }

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

    /** True for a refusal which says that it is so already. */
    default boolean isSoAlready(int status, String answer) {
        return false;
    }
}
