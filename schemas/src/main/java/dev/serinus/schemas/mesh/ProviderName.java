package dev.serinus.schemas.mesh;

/**
 * A value of {@code spec.provider}.
 *
 * @param text as the resource definition lists it
 * @param prefix true where all that begins with it means the same, which Flagger takes from its
 *     flag {@code -mesh-provider} only
 */
public record ProviderName(String text, boolean prefix) {

    static ProviderName exactly(String text) {
        return new ProviderName(text, false);
    }

    static ProviderName beginning(String text) {
        return new ProviderName(text, true);
    }

    boolean matches(String provider) {
        return prefix ? provider.startsWith(text) : provider.equals(text);
    }
}
