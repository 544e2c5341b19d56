package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real server of HTTP and WebSockets: to a program it answers frames that a test gives it. */
final class SignalFlowServer implements AutoCloseable {

    /** A text or binary message. */
    record Frame(int opcode, ByteBuffer content) {
        private String text() {
            return UTF_8.decode(content.duplicate()).toString();
        }

        static Frame text(String text) {
            return new Frame(1, ByteBuffer.wrap(text.getBytes(UTF_8)));
        }

        /** Asks whether somebody is still there. */
        static Frame ping(String text) {
            return new Frame(PING, ByteBuffer.wrap(text.getBytes(UTF_8)));
        }

        static Frame control(String event) {
            return text(
                    "{\"type\":\"control-message\",\"channel\":\"ch-1\",\"event\":\"%s\"}"
                            .formatted(event));
        }

        static Frame data(int flags, byte[] body) {
            return new Frame(
                    2,
                    ByteBuffer.allocate(20 + body.length)
                            .put((byte) 1)
                            .put((byte) 5)
                            .put((byte) flags)
                            .put((byte) 0)
                            .put("ch-1".getBytes(UTF_8))
                            .position(20)
                            .put(body));
        }
    }

    private static final int PING = 9;
    private static final int PONG = 10;

    /** What pings were answered with. */
    final List<String> pongs = new CopyOnWriteArrayList<>();

    final List<String> said = new CopyOnWriteArrayList<>();
    final List<String> heads = new CopyOnWriteArrayList<>();

    private final ServerSocket socket;
    private volatile int status = 101;
    private volatile String body = "";
    private volatile List<Frame> frames = List.of();

    SignalFlowServer() throws IOException {
        this.socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    String url(String scheme) {
        return scheme + "://127.0.0.1:" + socket.getLocalPort();
    }

    void answer(Frame... given) {
        status = 101;
        frames = List.of(given);
    }

    void refuse(int with, String because) {
        status = with;
        body = because;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new DataInputStream(connection.getInputStream());
            List<String> head = head(in);
            heads.addAll(head);
            OutputStream out = connection.getOutputStream();
            String key =
                    head.stream()
                            .filter(line -> line.startsWith("sec-websocket-key: "))
                            .map(line -> line.substring(line.indexOf(' ') + 1))
                            .findFirst()
                            .orElse("");
            if (status != 101 || key.isEmpty()) {
                int shown = status == 101 ? 200 : status;
                out.write(
                        "HTTP/1.1 %d Shown\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(shown, body.length(), body)
                                .getBytes(UTF_8));
                return;
            }
            out.write(
                    "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
                            .formatted(accepted(key))
                            .getBytes(UTF_8));
            said.add(heard(in).text());
            said.add(heard(in).text());
            for (Frame frame : frames) {
                write(out, frame);
                if (frame.opcode() == PING) {
                    Frame answer = heard(in);
                    if (answer.opcode() != PONG) {
                        return; // as a server does who takes the other side for gone
                    }
                    pongs.add(answer.text());
                }
            }
            var _ = in.read(); // until the other side closes
        } catch (IOException | GeneralSecurityException over) {
            // the client went away
        }
    }

    private static List<String> head(DataInputStream in) throws IOException {
        var bytes = new StringBuilder();
        while (bytes.indexOf("\r\n\r\n") < 0) {
            bytes.append((char) in.readUnsignedByte());
        }
        List<String> lines = new ArrayList<>();
        for (String line : bytes.toString().strip().split("\r\n")) {
            int colon = line.indexOf(": ");
            lines.add(
                    colon < 0
                            ? line
                            : line.substring(0, colon).toLowerCase(java.util.Locale.ROOT)
                                    + line.substring(colon));
        }
        return lines;
    }

    private static String accepted(String key) throws GeneralSecurityException {
        byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
    }

    private static Frame heard(DataInputStream in) throws IOException {
        int opcode = in.readUnsignedByte() & 15;
        int length = in.readUnsignedByte() & 127;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] content = in.readNBytes(length);
        for (int i = 0; i < content.length; i++) {
            content[i] ^= mask[i % 4];
        }
        return new Frame(opcode, ByteBuffer.wrap(content));
    }

    private static void write(OutputStream out, Frame frame) throws IOException {
        byte[] content = frame.content().array();
        int length = content.length;
        out.write(128 | frame.opcode());
        if (length < 126) {
            out.write(length);
        } else {
            out.write(126);
            out.write(length >> 8);
            out.write(length & 255);
        }
        out.write(content);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
