package dev.serinus.schemas.canary;

import java.util.regex.Pattern;

/**
 * Names that an object may have. Others come from manifests all the same, and in the path of a
 * request they would lead to other objects, such as {@code ../../kube-system/secrets/x}; so they
 * are never asked for.
 */
public final class ObjectNames {

    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_QUOTE = 60;

    private ObjectNames() {}

    /** True for a DNS-1123 subdomain, which the names of most kinds are. */
    public static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && SUBDOMAIN.matcher(name).matches();
    }

    /** True for a DNS-1123 label, which the name of a namespace is. */
    public static boolean isNamespace(String name) {
        return name.length() <= LONGEST_LABEL && LABEL.matcher(name).matches();
    }

    /** Why there can be no such object, for whoever wrote the name. */
    public static String because(String name) {
        String quoted =
                name.length() <= LONGEST_QUOTE ? name : name.substring(0, LONGEST_QUOTE) + "…";
        return "\"%s\" cannot be a name: names have lower case letters, digits, '-' and '.'"
                .formatted(quoted);
    }
}
