package dev.serinus.images.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.serinus.cli.Refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first thing in a PEM file. What is in it is in no message, and it has no text of its own. */
final class Pem {

    private static final long MOST_BYTES = 64 << 10;
    private static final Pattern SHAPE =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private final String label;
    private final byte[] content;

    private Pem(String label, byte[] content) {
        this.label = label;
        this.content = content;
    }

    /**
     * @param option by which the file was named
     * @throws Refused if it cannot be read, or is no PEM
     */
    static Pem read(String option, Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw no(option, file, "is too large for a key");
            }
            Matcher found = SHAPE.matcher(Files.readString(file, US_ASCII));
            if (!found.find()) {
                throw no(option, file, "is no PEM file");
            }
            return new Pem(found.group(1), Base64.getMimeDecoder().decode(found.group(2)));
        } catch (IOException cannot) {
            throw no(option, file, "cannot be read (" + cannot.getClass().getSimpleName() + ")");
        } catch (IllegalArgumentException _) {
            throw no(option, file, "is no PEM file");
        }
    }

    /** Such as {@code PRIVATE KEY}. */
    String label() {
        return label;
    }

    byte[] content() {
        return content.clone();
    }

    static Refused no(String option, Path file, String why) {
        return new Refused(List.of("%s: %s %s".formatted(option, file, why)));
    }
}
