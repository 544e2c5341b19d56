package dev.serinus.watcher.metrics;

import java.util.List;

/** Texts that must not be told, even when a provider repeats them in its answer. */
record Secrets(List<String> values) {

    private static final int LONGEST = 400;

    Secrets {
        // What is shorter would blank out ordinary words.
        values = values.stream().filter(value -> value.length() > 3).distinct().toList();
    }

    /** The text without them, and no longer than fits into an event. */
    String hide(String text) {
        String hidden = text;
        for (String value : values) {
            hidden = hidden.replace(value, "***");
        }
        return hidden.length() > LONGEST ? hidden.substring(0, LONGEST) + "..." : hidden;
    }

    @Override
    public String toString() {
        return "Secrets[" + values.size() + "]";
    }
}
