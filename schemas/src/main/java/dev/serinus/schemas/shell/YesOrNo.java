package dev.serinus.schemas.shell;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Settings that are yes or no, in the framework's words for them. */
public final class YesOrNo {

    private static final Set<String> YES = Set.of("true", "yes", "y", "on");

    /** The framework takes for no whatever it does not take for yes. */
    private static final Set<String> NO = Set.of("false", "no", "n", "off", "0");

    private YesOrNo() {}

    /** What is meant, in letters of either case; empty where it is neither. */
    public static Optional<Boolean> read(String written) {
        String word = written.toLowerCase(Locale.ROOT);
        boolean yes = YES.contains(word);
        return yes || NO.contains(word.strip()) ? Optional.of(yes) : Optional.empty();
    }

    /**
     * What a variable says, which is there.
     *
     * @throws IllegalArgumentException if it is neither, with the variable's name
     */
    public static boolean of(String variable, String written) {
        return read(written)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s has to be true or false, was '%s'"
                                                .formatted(
                                                        variable, SettingsCheck.shown(written))));
    }
}
