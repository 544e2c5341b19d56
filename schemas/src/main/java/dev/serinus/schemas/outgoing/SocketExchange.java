package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Transport.Request;
import dev.serinus.schemas.outgoing.Transport.Response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The end of a WebSocket: says what is to be said once it is open, and keeps what comes for the
 * thread that listens. Everything but {@link #hear} runs on the connection's event loop.
 */
final class SocketExchange extends SimpleChannelInboundHandler<Object> {

    /** Enough for the sentence with which a server refuses. */
    private static final int LONGEST_REFUSAL = 16 * 1024;

    /** Bytes that a message takes beside its own, so that empty ones count too. */
    private static final int KEEPING = 256;

    private sealed interface Heard {
        record Message(SocketMessage message) implements Heard {}

        record Refused(Response response) implements Heard {}

        record Broken(IOException because) implements Heard {}
    }

    private final Request request;
    private final List<String> said;
    private final WebSocketClientHandshaker handshaker;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private int size;
    private boolean over;

    SocketExchange(Request request, List<String> said) {
        this.request = request;
        this.said = List.copyOf(said);
        var headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.USER_AGENT, "serinus");
        request.headers().forEach(headers::set);
        this.handshaker =
                WebSocketClientHandshakerFactory.newHandshaker(
                        socket(request.address()),
                        WebSocketVersion.V13,
                        null,
                        false,
                        headers,
                        request.reading().most(),
                        true,
                        false,
                        0, // whoever listens closes
                        false,
                        false);
    }

    private static URI socket(URI address) {
        return URI.create(address.toString().replaceFirst("(?i)^http", "ws"));
    }

    void join(ChannelPipeline pipeline) {
        pipeline.addLast(
                new HttpObjectAggregator(LONGEST_REFUSAL),
                new WebSocketFrameAggregator(request.reading().most()),
                this);
    }

    /**
     * Hands on what comes for as long as more is wanted.
     *
     * @return status 101 when all was heard, or the answer with which the server refuses
     */
    Response hear(Channel channel, Predicate<SocketMessage> more, long deadline)
            throws IOException, InterruptedException {
        // On the event loop: elsewhere the answer might come before there is an encoder of frames.
        channel.eventLoop()
                .execute(
                        () -> {
                            var _ = handshaker.handshake(channel);
                        });
        while (true) {
            long left = deadline - System.nanoTime();
            // What is there already would else be heard without an end.
            Heard next = left <= 0 ? null : heard.poll(left, TimeUnit.NANOSECONDS);
            switch (next) {
                case null -> throw new SocketTimeoutException("not heard in time");
                case Heard.Broken(var because) -> throw because;
                case Heard.Refused(var response) -> {
                    return response;
                }
                case Heard.Message(var message) when more.test(message) -> {}
                case Heard.Message _ -> {
                    channel.writeAndFlush(
                                    new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                            .addListener(ChannelFutureListener.CLOSE);
                    return new Response(101, Map.of(), "");
                }
            }
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object part) {
        if (over) {
            return; // the rest of what was read at once
        }
        switch (part) {
            case FullHttpResponse response when response.status().code() == 101 -> {
                handshaker.finishHandshake(context.channel(), response);
                for (String text : said) {
                    context.writeAndFlush(new TextWebSocketFrame(text))
                            .addListener(
                                    written -> {
                                        if (!written.isSuccess()) {
                                            fail(context, written.cause());
                                        }
                                    });
                }
            }
            case FullHttpResponse response -> {
                over = true;
                heard.add(new Heard.Refused(refusal(response)));
            }
            case TextWebSocketFrame frame -> {
                if (mayKeep(context, frame.content())) {
                    heard.add(new Heard.Message(new SocketMessage.Text(frame.text())));
                }
            }
            case BinaryWebSocketFrame frame -> {
                if (mayKeep(context, frame.content())) {
                    var bytes = ByteBuffer.wrap(ByteBufUtil.getBytes(frame.content()));
                    heard.add(new Heard.Message(new SocketMessage.Binary(bytes)));
                }
            }
            // Who asks without reading the answers gets no more of them.
            case PingWebSocketFrame _ when !context.channel().isWritable() -> {}
            case PingWebSocketFrame ping -> {
                var _ = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            }
            case CloseWebSocketFrame _ -> fail(context, new EOFException("closed by the server"));
            default -> {}
        }
    }

    private boolean mayKeep(ChannelHandlerContext context, ByteBuf content) {
        int taken = content.readableBytes() + KEEPING;
        size += taken;
        if (size > request.reading().most()) {
            fail(context, new Trouble.TooLong(request.reading().most()));
            return false;
        }
        if (!request.bytes().take(taken)) {
            fail(context, new Trouble.NoRoom());
            return false;
        }
        return true;
    }

    private static Response refusal(FullHttpResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.headers()
                .forEach(
                        header ->
                                headers.computeIfAbsent(
                                                header.getKey().toLowerCase(Locale.ROOT),
                                                _ -> new ArrayList<>())
                                        .add(header.getValue()));
        return new Response(response.status().code(), headers, response.content().toString(UTF_8));
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (over) {
            return;
        }
        over = true;
        Throwable inner =
                cause instanceof DecoderException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        heard.add(
                new Heard.Broken(
                        switch (inner) {
                            case IOException trouble -> trouble;
                            case TooLongFrameException _ ->
                                    new Trouble.TooLong(request.reading().most());
                            case CorruptedWebSocketFrameException wrong
                                    when wrong.closeStatus()
                                            .equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ->
                                    new Trouble.TooLong(request.reading().most());
                            case WebSocketHandshakeException _ ->
                                    new IOException("no WebSocket", inner);
                            default -> new IOException(inner.getClass().getSimpleName(), inner);
                        }));
        var _ = context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            fail(context, handshake.cause());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        heard.add(new Heard.Broken(new EOFException("closed")));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }
}
