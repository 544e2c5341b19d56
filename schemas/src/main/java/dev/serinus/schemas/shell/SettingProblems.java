package dev.serinus.schemas.shell;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with settings: gathered, so that all of it is told at once. */
public final class SettingProblems {

    private final List<String> all = new ArrayList<>();

    /** Adds these words, which name the setting, where this does not hold. */
    public SettingProblems unless(boolean holds, String words) {
        if (!holds) {
            all.add(words);
        }
        return this;
    }

    /** Adds why something cannot be made of settings, where it cannot. */
    public SettingProblems of(Runnable made) {
        try {
            made.run();
        } catch (IllegalArgumentException | UncheckedIOException refused) {
            all.add(String.valueOf(refused.getMessage()));
        }
        return this;
    }

    /** All of them, in the order in which they were found. */
    public List<String> all() {
        return List.copyOf(all);
    }

    /** Throws an {@link IllegalArgumentException} that says all of them, where there are any. */
    public void refuse() {
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", all));
        }
    }
}
