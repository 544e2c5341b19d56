package dev.serinus.cli.deadletters;

import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.letter.LettersInKafka;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.runtime.KafkaSettings;

import java.time.Duration;
import java.util.List;

/** The letters on the Kafka that a command names, for as long as it asks. */
final class OpenLetters {

    /** A person who sits before it ends it sooner. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private OpenLetters() {}

    /** What is asked of them. */
    @FunctionalInterface
    interface Question<T> {
        T of(Letters letters) throws InterruptedException;
    }

    /** Asks; {@link Refused} where Kafka cannot be used. */
    static <T> T ask(KafkaSettings kafka, Question<T> question) throws InterruptedException {
        try (Letters letters = new LettersInKafka(kafka, LONGEST)) {
            return question.of(letters);
        } catch (LookupFailed trouble) {
            throw new Refused(
                    List.of(
                            "Kafka at %s cannot be used: %s"
                                    .formatted(
                                            kafka.properties().get("bootstrap.servers"),
                                            trouble.getMessage())));
        }
    }
}
