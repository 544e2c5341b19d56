package dev.serinus.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/** Keys and tokens of one control plane: made once, kept in its directory, for their owner only. */
final class Credentials {

    private final ControlPlaneDirectory place;
    private final Map<User, String> tokens = new EnumMap<>(User.class);

    private Credentials(ControlPlaneDirectory place) {
        this.place = place;
    }

    /** Reads what is there and makes what is missing. */
    static Credentials in(ControlPlaneDirectory place) {
        var credentials = new Credentials(place);
        try {
            credentials.readTokens();
            credentials.makeTokens();
            credentials.makeServiceAccountKey();
        } catch (IOException trouble) {
            throw new UncheckedIOException(
                    "cannot keep credentials in " + place.directory(), trouble);
        }
        return credentials;
    }

    private void readTokens() throws IOException {
        if (Files.exists(place.tokens())) {
            for (String line : Files.readAllLines(place.tokens())) {
                String[] fields = line.split(",");
                for (User user : User.values()) {
                    if (fields.length > 1 && fields[1].equals(user.username())) {
                        tokens.put(user, fields[0]);
                    }
                }
            }
        }
    }

    private void makeTokens() throws IOException {
        var random = new SecureRandom();
        var lines = new StringBuilder();
        for (User user : User.values()) {
            String token =
                    tokens.computeIfAbsent(
                            user,
                            _ -> {
                                byte[] bytes = new byte[24];
                                random.nextBytes(bytes);
                                return HexFormat.of().formatHex(bytes);
                            });
            lines.append(
                    "%s,%s,%s,\"%s\"%n"
                            .formatted(
                                    token,
                                    user.username(),
                                    user.username(),
                                    String.join(",", user.groups())));
        }
        write(place.tokens(), lines.toString());
    }

    private void makeServiceAccountKey() throws IOException {
        if (Files.exists(place.serviceAccountKey())) {
            return;
        }
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            String key =
                    Base64.getMimeEncoder(64, "\n".getBytes(UTF_8))
                            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
            write(
                    place.serviceAccountKey(),
                    "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has RSA", impossible);
        }
    }

    String token(User user) {
        return tokens.getOrDefault(user, "");
    }

    /** Writes a kubeconfig for each user; the API server must have made its certificate. */
    void writeKubeconfigs() {
        try {
            String authority =
                    Base64.getEncoder().encodeToString(Files.readAllBytes(place.certificate()));
            for (User user : User.values()) {
                write(
                        place.kubeconfig(user),
                        """
                        apiVersion: v1
                        kind: Config
                        clusters:
                        - name: testbed
                          cluster:
                            server: %s
                            certificate-authority-data: %s
                        users:
                        - name: %s
                          user:
                            token: %s
                        contexts:
                        - name: testbed
                          context:
                            cluster: testbed
                            user: %s
                        current-context: testbed
                        """
                                .formatted(
                                        place.server(),
                                        authority,
                                        user.username(),
                                        token(user),
                                        user.username()));
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(
                    "cannot write kubeconfigs to " + place.directory(), trouble);
        }
    }

    private static void write(Path file, String content) throws IOException {
        // Created empty and closed to others first: a secret is never readable, not even for a
        // moment.
        if (!Files.exists(file)) {
            var posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
            if (posix) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
        }
        Files.writeString(file, content);
    }
}
