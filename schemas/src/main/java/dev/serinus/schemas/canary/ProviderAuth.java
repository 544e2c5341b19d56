package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * How a MetricTemplate says who asks, for any provider with an address, beside what its kind of
 * provider has for that in its Secret. Flagger has none of it.
 *
 * @param bearerTokenFile a file of the template's namespace, in the directory that the operator set
 *     for such files; its token is sent as a bearer token
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderAuth(@Nullable String bearerTokenFile) {

    /** Names of files that stay below the directory they are looked for in. */
    static final String FILE = "[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*";

    private static final Pattern FILES = Pattern.compile(FILE);
    private static final int LONGEST_FILE = 253;

    /** True for a name that leads nowhere else: no part of it is empty or begins with a dot. */
    public static boolean isFile(String name) {
        return name.length() <= LONGEST_FILE && FILES.matcher(name).matches();
    }
}
