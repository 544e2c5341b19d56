package dev.serinus.notifier.chat;

import dev.serinus.schemas.canary.AlertProviderSpec;

import java.util.List;
import java.util.Optional;

/**
 * What is peculiar to one service that tells people. Everything here is pure; sending is the same
 * for all that are reached in the same way.
 */
public sealed interface Notifier permits WebNotifier, MailNotifier {

    /** The spec.type of AlertProviders it serves. */
    String type();

    /** A text as the service has it where it is to be read as it is, and not as markup. */
    default String escaped(String text) {
        return text;
    }

    /** Every mistake of a provider of this type, by path; none quotes what may be a secret. */
    default List<String> problems(Destination destination) {
        return List.of();
    }

    /** Every mistake that a manifest of this type shows without its Secret, by path. */
    default List<String> problems(AlertProviderSpec spec) {
        return List.of();
    }

    /**
     * What is wrong with an address, in words that follow its name, such as {@code must be …};
     * empty where it can be used. It is not quoted: it may be a secret.
     */
    Optional<String> wrongAddress(String address);

    /** False for what this service is told nothing of. */
    default boolean tells(Message message) {
        return true;
    }

    /** True where trouble stays open there until a later run is told to be good. */
    default boolean opensIncidents() {
        return false;
    }

    /** True where a status stays at the commit of a run until another one replaces it. */
    default boolean leavesStatuses() {
        return false;
    }

    /** False where several messages cannot be told as one, later. */
    default boolean takesDigests() {
        return true;
    }

    /** False where a message has no room for what the receiver missed before. */
    default boolean saysWhatWasMissed() {
        return true;
    }

    /** True for one that Flagger tells too, where messages can be to the letter what it sends. */
    default boolean isFlaggers() {
        return false;
    }

    /** True where a message needs to know what is released. */
    default boolean asksForTheRelease() {
        return false;
    }

    /** Where it is when neither provider nor Secret says so; empty where they have to. */
    default Optional<String> usualAddress() {
        return Optional.empty();
    }
}
