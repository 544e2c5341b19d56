package dev.serinus.conformance.real;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.conformance.sink.Answer;
import dev.serinus.conformance.sink.Request;
import dev.serinus.conformance.sink.Sinks;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One connection to the fake server: HTTP/1.1, one request after the other; also as a proxy. */
final class SinkConnection {

    private static final int LONGEST_LINE = 64 * 1024;

    private final Sinks sinks;
    private final SSLContext tls;
    private final Socket socket;

    SinkConnection(Sinks sinks, SSLContext tls, Socket socket) {
        this.sinks = sinks;
        this.tls = tls;
        this.socket = socket;
    }

    /** Until the client hangs up. */
    void hold() throws IOException, InterruptedException {
        hold(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    }

    private void hold(InputStream in, OutputStream out) throws IOException, InterruptedException {
        for (String line = line(in); line != null; line = line(in)) {
            String[] words = line.split(" ");
            if (words.length < 2) {
                return;
            }
            List<Request.Header> headers = headers(in);
            if (words[0].equals("CONNECT")) {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                out.flush();
                tunnel();
                return;
            }
            if (value(headers, "Expect") != null) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
                out.flush();
            }
            Answer answer = sinks.answer(request(words[0], words[1], headers, body(in, headers)));
            Thread.sleep(answer.delay());
            send(answer, out);
        }
    }

    /** Whatever name the client wants to reach, it reaches us. */
    private void tunnel() throws IOException, InterruptedException {
        try (var inside = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true)) {
            inside.setUseClientMode(false);
            hold(new BufferedInputStream(inside.getInputStream()), inside.getOutputStream());
        }
    }

    private static Request request(
            String method, String target, List<Request.Header> headers, String body) {
        // A client of a proxy sends the whole address.
        String local = target.replaceFirst("^https?://[^/]+", "");
        int mark = local.indexOf('?');
        return new Request(
                method,
                mark < 0 ? local : local.substring(0, mark),
                mark < 0 ? "" : local.substring(mark + 1),
                headers,
                body);
    }

    private static void send(Answer answer, OutputStream out) throws IOException {
        byte[] body = answer.body().getBytes(UTF_8);
        String head =
                "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(
                                answer.status(),
                                answer.status() < 400 ? "OK" : "Trouble",
                                answer.type(),
                                body.length);
        out.write(head.getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static List<Request.Header> headers(InputStream in) throws IOException {
        List<Request.Header> headers = new ArrayList<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(
                        new Request.Header(
                                line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        return headers;
    }

    private static String body(InputStream in, List<Request.Header> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(value(headers, "Transfer-Encoding"))) {
            var all = new ByteArrayOutputStream();
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                all.write(exactly(in, size));
                var _ = line(in);
            }
            var _ = line(in);
            return all.toString(UTF_8);
        }
        String length = value(headers, "Content-Length");
        return length == null ? "" : new String(exactly(in, Integer.parseInt(length)), UTF_8);
    }

    private static int chunk(InputStream in) throws IOException {
        String size = line(in);
        return size == null ? 0 : Integer.parseInt(size.split(";")[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("the body ends early");
        }
        return bytes;
    }

    private static @Nullable String value(List<Request.Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Request.Header::value)
                .findFirst()
                .orElse(null);
    }

    /** Null at the end. */
    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line without an end");
            }
            line.write(next);
            next = in.read();
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }
}
