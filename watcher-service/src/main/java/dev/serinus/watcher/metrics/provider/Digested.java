package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Makes one text of many, which no others make. */
final class Digested {

    private Digested() {}

    static String of(List<? extends @Nullable String> all) {
        var text = new StringBuilder();
        for (String each : all) {
            // With its length each is only itself, whatever is beside it.
            text.append(each == null ? -1 : each.length()).append(':').append(each);
        }
        return text.toString();
    }
}
