package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Transport.Request;
import dev.serinus.schemas.outgoing.Transport.Response;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The end of one connection: sends one request at a time and gathers its answer, no more of it than
 * may be read. Everything but {@link #begin} runs on the connection's event loop.
 */
final class Exchange extends SimpleChannelInboundHandler<HttpObject> {

    /**
     * What came of a request.
     *
     * @param reusable whether the connection is in order for another one
     */
    record Done(Response response, boolean reusable) {}

    private @Nullable Request request;
    private CompletableFuture<Done> done = new CompletableFuture<>();
    private @Nullable HttpResponse head;
    private ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean sent;

    /** Sends a request; the future ends with its answer, or with an IOException. */
    static CompletableFuture<Done> begin(
            Channel channel, Request request, FullHttpRequest message) {
        var done = new CompletableFuture<Done>();
        channel.eventLoop()
                .execute(
                        () -> {
                            var exchange = channel.pipeline().get(Exchange.class);
                            if (exchange == null || !channel.isActive()) {
                                message.release();
                                done.completeExceptionally(
                                        new Trouble.NoByte(new EOFException("closed")));
                            } else {
                                exchange.send(channel, request, message, done);
                            }
                        });
        return done;
    }

    private void send(
            Channel channel,
            Request asked,
            FullHttpRequest message,
            CompletableFuture<Done> answer) {
        request = asked;
        done = answer;
        head = null;
        sent = false;
        channel.writeAndFlush(message)
                .addListener(
                        written -> {
                            sent = written.isSuccess();
                            if (!written.isSuccess()) {
                                fail(channel, unwritten(written.cause()));
                            }
                        });
    }

    /** A broken pipe has no type of its own. */
    private static Throwable unwritten(Throwable cause) {
        return cause.getClass().equals(IOException.class)
                ? new SocketException("the request could not be written")
                : cause;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (request == null) {
            var _ = context.close(); // nobody asked
            return;
        }
        if (part.decoderResult().isFailure()) {
            fail(context.channel(), new IOException("malformed answer"));
            return;
        }
        if (part instanceof HttpResponse response) {
            int status = response.status().code();
            if (status == 101) {
                fail(context.channel(), new IOException("nobody asked to switch protocols"));
                return;
            }
            head = status < 200 ? null : response; // 100 and its like announce the answer
        }
        if (head != null && part instanceof HttpContent content) {
            gather(context, request, head, content.content());
            if (request != null && part instanceof LastHttpContent) {
                finish(head, sent && HttpUtil.isKeepAlive(head));
            }
        }
    }

    private void gather(
            ChannelHandlerContext context, Request asked, HttpResponse response, ByteBuf content) {
        int room = asked.reading().most() - body.size();
        int part = Math.min(room, content.readableBytes());
        if (part > 0 && !asked.bytes().take(part)) {
            fail(context.channel(), new Trouble.NoRoom());
            return;
        }
        byte[] bytes = new byte[part];
        content.readBytes(bytes);
        body.writeBytes(bytes);
        if (content.isReadable()) {
            if (asked.reading().rest()) {
                finish(response, false); // the rest is not waited for, it may have no end
                var _ = context.close();
            } else {
                fail(context.channel(), new Trouble.TooLong(asked.reading().most()));
            }
        }
    }

    private void finish(HttpResponse response, boolean reusable) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.headers()
                .forEach(
                        header ->
                                headers.computeIfAbsent(
                                                header.getKey().toLowerCase(Locale.ROOT),
                                                _ -> new ArrayList<>())
                                        .add(header.getValue()));
        request = null;
        String read = body.toString(UTF_8);
        body = new ByteArrayOutputStream(); // a kept connection keeps no answer
        done.complete(new Done(new Response(response.status().code(), headers, read), reusable));
    }

    private void fail(Channel channel, Throwable cause) {
        var _ = channel.close();
        boolean answering = head != null;
        request = null;
        Throwable inner =
                cause instanceof DecoderException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        IOException trouble =
                inner instanceof IOException io
                        ? io
                        : new IOException(inner.getClass().getSimpleName(), inner);
        done.completeExceptionally(answering ? trouble : Trouble.beforeAnAnswer(trouble));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            fail(context.channel(), handshake.cause());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (request != null) {
            fail(
                    context.channel(),
                    head == null
                            ? new EOFException("closed without an answer")
                            : new IOException("closed in the middle of an answer"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context.channel(), cause);
    }
}
