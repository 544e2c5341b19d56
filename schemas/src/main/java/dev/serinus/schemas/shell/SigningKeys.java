package dev.serinus.schemas.shell;

import dev.serinus.schemas.outgoing.Signer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard Webhooks keys of a service, given as a property or as a file that holds them. */
public final class SigningKeys {

    private SigningKeys() {}

    /**
     * What signs with these keys; nothing signs where neither is given.
     *
     * @param prefix of the properties, such as {@code serinus.webhook}, for messages
     */
    public static Signer signer(String prefix, @Nullable String key, @Nullable Path file) {
        if (key != null && file != null) {
            throw new IllegalArgumentException(
                    "set %1$s.signing-key or %1$s.signing-key-file, not both".formatted(prefix));
        }
        try {
            String keys = file != null ? Files.readString(file) : key;
            return keys == null ? Signer.none() : Signer.of(keys);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    prefix + ".signing-key-file cannot be read: " + file, unreadable);
        }
    }
}
