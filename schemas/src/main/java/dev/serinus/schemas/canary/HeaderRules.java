package dev.serinus.schemas.canary;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a header that a manifest names may be. */
public final class HeaderRules {

    private static final Set<String> FRAMING =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    private HeaderRules() {}

    /** True for a word of HTTP, as the names of headers and methods are. */
    public static boolean isToken(String word) {
        return TOKEN.matcher(word).matches();
    }

    /** True for a header that HTTP needs for itself, which no call may bring. */
    public static boolean isOfHttp(String name) {
        return FRAMING.contains(name.toLowerCase(Locale.ROOT));
    }

    /** True for a name and a value that a call may bring. */
    public static boolean isHeader(String name, String value) {
        return isToken(name) && !isOfHttp(name) && VALUE.matcher(value).matches();
    }
}
