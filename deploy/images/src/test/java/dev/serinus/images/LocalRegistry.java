package dev.serinus.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.images.layout.Descriptor;
import dev.serinus.images.layout.Digest;
import dev.serinus.images.layout.OciBlobs;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry on loopback that serves an OCI layout by the API of OCI's distribution: its image as
 * {@code java:25}, and everything by its digest.
 */
final class LocalRegistry implements AutoCloseable {

    private static final Pattern PATH =
            Pattern.compile("/v2/java/(manifests|blobs)/(25|sha256:[0-9a-f]{64})");

    private static final String JSON = "application/json";

    /** What a client begins with that speaks TLS. */
    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket server;
    private final OciBlobs layout;
    private final String login;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /**
     * @param login name and password that it asks for, with a colon in between; empty for none
     */
    LocalRegistry(Path layout, String login) throws IOException {
        this.layout = OciBlobs.open(layout);
        this.login = login;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Such as {@code 127.0.0.1:5000}. */
    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The digest by which {@code java:25} can be had as well. */
    String digest() throws IOException {
        return layout.image().digest().text();
    }

    /** Method and path of every request that was answered with something. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException closed) {
            // By close(), which ends this.
        }
    }

    /** One request of each connection; one by TLS is answered as servers without TLS do. */
    private void answer(Socket client) {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            in.mark(1);
            int first = in.read();
            in.reset();
            if (first == TLS_HANDSHAKE) {
                send(client, false, "400 Bad Request", "text/plain", "no TLS".getBytes(UTF_8));
                return;
            }
            var lines = new BufferedReader(new InputStreamReader(in, UTF_8));
            String[] request = lines.readLine().split(" ", -1);
            String authorization = "";
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                if (line.regionMatches(true, 0, "Authorization: ", 0, "Authorization: ".length())) {
                    authorization = line.substring("Authorization: ".length());
                }
            }
            answer(client, request[0], request[1], authorization);
        } catch (IOException gone) {
            // The client sees that it has no answer, and says so.
        }
    }

    private synchronized void answer(
            Socket client, String method, String path, String authorization) throws IOException {
        Matcher found = PATH.matcher(path);
        boolean head = method.equals("HEAD");
        if (!isLogin(authorization)) {
            send(
                    client,
                    head,
                    "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"here\"",
                    JSON,
                    error("UNAUTHORIZED"));
        } else if (path.equals("/v2/")) {
            send(client, head, "200 OK", JSON, "{}".getBytes(UTF_8));
        } else if (!found.matches()) {
            send(client, head, "404 Not Found", JSON, error("MANIFEST_UNKNOWN"));
        } else {
            asked.add(method + " " + path);
            Descriptor blob =
                    found.group(2).equals("25")
                            ? layout.image()
                            : described(new Digest(found.group(2)));
            send(client, head, "200 OK", blob.mediaType(), layout.bytes(blob.digest()));
        }
    }

    /** What it is said to be where something leads to it. */
    private Descriptor described(Digest digest) throws IOException {
        for (Descriptor each : layout.content()) {
            if (each.digest().equals(digest)) {
                return each;
            }
            for (Descriptor part : OciBlobs.parts(layout.json(each.digest()))) {
                if (part.digest().equals(digest)) {
                    return part;
                }
            }
        }
        return new Descriptor(
                "application/octet-stream", digest, layout.size(digest), "", Map.of());
    }

    private boolean isLogin(String authorization) {
        return login.isEmpty()
                || authorization.equals(
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)));
    }

    private static byte[] error(String code) {
        return "{\"errors\":[{\"code\":\"%s\",\"message\":\"no such thing here\"}]}"
                .formatted(code)
                .getBytes(UTF_8);
    }

    private static void send(Socket client, boolean head, String status, String type, byte[] body)
            throws IOException {
        String headers =
                "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nDocker-Content-Digest: %s\r\nConnection: close\r\n\r\n"
                        .formatted(status, type, body.length, Digest.of(body));
        OutputStream out = client.getOutputStream();
        out.write(headers.getBytes(UTF_8));
        if (!head) {
            out.write(body);
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        layout.close();
    }
}
