package dev.serinus.analysis.letter;

import dev.serinus.analysis.lookup.LookupFailed;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The dead letters there are, as they are when they are asked for; opened for one question and
 * closed after it. Whatever stands in the way is {@link LookupFailed}.
 */
public interface Letters extends AutoCloseable {

    /**
     * Hands over the letters of the clusters that are wanted, each partition in its order.
     *
     * @return whether these were all: there may be more than is wanted, or than can be read in time
     */
    boolean read(Predicate<String> clusters, Most most, Consumer<KeptLetter> reader);

    /**
     * How much is read.
     *
     * @param newest letters of each partition
     * @param bytes of all partitions together, each of which has the same part of them
     */
    record Most(long newest, long bytes) {
        /** All there are. */
        public static final Most ALL = new Most(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Looks back, the latest first, as far as it takes to find what is wanted, or as is looked at
     * for one question.
     *
     * @param clusters whose letters are wanted
     * @param since older ones are not looked for; null for all
     * @param from where to go on; null for the latest
     * @param most that are wanted, 1 or more
     * @param reader what is made of one; empty where it is none that is wanted
     */
    <T> Look<T> back(
            Predicate<String> clusters,
            @Nullable Instant since,
            @Nullable LetterPlaces from,
            int most,
            Function<KeptLetter, Optional<T>> reader);

    /**
     * What was found.
     *
     * @param found the latest first
     * @param next where to go on; null where there are no more
     * @param whole false where it ended before there were as many as wanted, and there is more
     * @param lookedBackTo then, of what is later all was found; null where not even that is known
     */
    record Look<T>(
            List<T> found,
            @Nullable LetterPlaces next,
            boolean whole,
            @Nullable Instant lookedBackTo) {
        public Look {
            found = List.copyOf(found);
        }
    }

    /** The letter that lies there; empty where none does any more. */
    Optional<KeptLetter> find(LetterId id);

    /** What lay in it. */
    LetterContent content(KeptLetter kept);

    /**
     * True where no later record of the letter's partition is about the same canary: all that came
     * after it is still kept, and has been looked through. What a transaction that is still open
     * wrote is not seen.
     */
    boolean isNewest(KeptLetter kept);

    /** Puts the record on its topic once more, byte by byte. Whether it may be is asked before. */
    void replay(KeptLetter kept) throws InterruptedException;

    @Override
    void close();

    /** Where there are none. */
    Letters NONE =
            new Letters() {
                @Override
                public boolean read(
                        Predicate<String> clusters, Most most, Consumer<KeptLetter> reader) {
                    return true;
                }

                @Override
                public <T> Look<T> back(
                        Predicate<String> clusters,
                        @Nullable Instant since,
                        @Nullable LetterPlaces from,
                        int most,
                        Function<KeptLetter, Optional<T>> reader) {
                    return new Look<>(List.of(), null, true, null);
                }

                @Override
                public Optional<KeptLetter> find(LetterId id) {
                    return Optional.empty();
                }

                @Override
                public LetterContent content(KeptLetter kept) {
                    return new LetterContent.Empty();
                }

                @Override
                public boolean isNewest(KeptLetter kept) {
                    return false;
                }

                @Override
                public void replay(KeptLetter kept) {
                    throw new LookupFailed("there are no letters here");
                }

                @Override
                public void close() {}
            };
}
