package dev.serinus.watcher.metrics.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** White space in queries that are sent in one line. */
final class WhiteSpace {

    /** Strings first: what begins a comment elsewhere is part of them. */
    private static final Pattern STRING_OR_COMMENT =
            Pattern.compile(
                    "\"(?:[^\"\\\\]++|\\\\.)*+\"?|'(?:[^'\\\\]++|\\\\.)*+'?|`[^`]*+`?|#[^\\n]*+");

    private WhiteSpace() {}

    /**
     * The same of PromQL, whose comments end with their line: in one line they would take in all
     * that follows. Flagger sends it so.
     */
    static String collapsedPromQl(String query) {
        return query.indexOf('#') < 0 ? collapsed(query) : collapsed(withoutComments(query));
    }

    private static String withoutComments(String query) {
        return STRING_OR_COMMENT
                .matcher(query)
                .replaceAll(
                        found ->
                                found.group().startsWith("#")
                                                && !query.substring(found.end()).isBlank()
                                        ? ""
                                        : Matcher.quoteReplacement(found.group()));
    }

    /** Every run of it becomes one space, as in Flagger; also within quotes. */
    static String collapsed(String query) {
        return query.replaceAll("[\\t\\n\\f\\r ]+", " ");
    }
}
