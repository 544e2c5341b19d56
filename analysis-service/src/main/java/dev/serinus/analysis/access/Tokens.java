package dev.serinus.analysis.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tokens that were handed out, known by their hashes alone. A line is a name, a hash and groups:
 * {@code ci sha256:9f86d0… deployers,bots}.
 */
final class Tokens implements Authenticator {

    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-fA-F]{64}");

    private final Map<String, Caller> byHash;

    private Tokens(Map<String, Caller> byHash) {
        this.byHash = Map.copyOf(byHash);
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming every line that is wrong, and no hash
     */
    static Tokens read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "the tokens of the API cannot be read from " + file, unreadable);
        }
        Map<String, Caller> found = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                String problem = add(line, found);
                if (!problem.isEmpty()) {
                    wrong.add("line %d %s".formatted(i + 1, problem));
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("%s: %s".formatted(file, String.join("; ", wrong)));
        }
        return new Tokens(found);
    }

    private static String add(String line, Map<String, Caller> found) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length < 2 || parts.length > 3 || !HASH.matcher(parts[1]).matches()) {
            return "must be a name, sha256: with 64 hexadecimal digits, and groups or nothing";
        }
        if (parts[0].startsWith(OidcTokens.PREFIX)) {
            return "has a name of the OIDC provider's: %s is no beginning of one here"
                    .formatted(OidcTokens.PREFIX);
        }
        Set<String> groups = groups(parts.length == 3 ? parts[2] : "");
        if (groups.stream().anyMatch(group -> group.startsWith(OidcTokens.PREFIX))) {
            return "has a group of the OIDC provider's: %s is no beginning of one here"
                    .formatted(OidcTokens.PREFIX);
        }
        String hash = parts[1].substring(parts[1].indexOf(':') + 1).toLowerCase(Locale.ROOT);
        return found.putIfAbsent(hash, new Caller(parts[0], groups)) == null
                ? ""
                : "has the token of another line";
    }

    private static Set<String> groups(String listed) {
        return Stream.of(listed.split(",", -1))
                .filter(group -> !group.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The hash of what was sent is looked up, so that no comparison tells how much of it is right.
     */
    @Override
    public Optional<Caller> caller(String token) {
        return Optional.ofNullable(byHash.get(hash(token)));
    }

    static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
