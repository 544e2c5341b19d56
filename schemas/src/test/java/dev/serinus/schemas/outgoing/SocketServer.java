package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real WebSocket server: what it does depends on the text that it is told. */
final class SocketServer implements AutoCloseable {

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    final List<String> said = new CopyOnWriteArrayList<>();
    final List<String> openings = new CopyOnWriteArrayList<>();
    final CountDownLatch closed = new CountDownLatch(1);

    SocketServer() throws InterruptedException {
        this.channel =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel made) {
                                        made.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(1024),
                                                        new Talk());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel();
    }

    URI url(String path) {
        return URI.create(
                "http://127.0.0.1:"
                        + ((InetSocketAddress) channel.localAddress()).getPort()
                        + path);
    }

    private final class Talk extends SimpleChannelInboundHandler<Object> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, Object part) {
            switch (part) {
                case FullHttpRequest request -> open(context, request);
                case TextWebSocketFrame frame -> told(context, frame.text());
                case PongWebSocketFrame _ -> send(context, new TextWebSocketFrame("alive"));
                default -> {}
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            closed.countDown();
        }

        private void open(ChannelHandlerContext context, FullHttpRequest request) {
            openings.add(
                    request.uri()
                            + " "
                            + request.headers().get("X-Key")
                            + " "
                            + request.headers().get("Origin"));
            if (request.uri().equals("/refused")) {
                var body = Unpooled.copiedBuffer("who are you", UTF_8);
                var response =
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.UNAUTHORIZED, body);
                response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
                send(context, response);
                return;
            }
            var handshaker =
                    new WebSocketServerHandshakerFactory("ws://here", null, false)
                            .newHandshaker(request);
            var _ = handshaker.handshake(context.channel(), request);
        }

        private void told(ChannelHandlerContext context, String text) {
            said.add(text);
            switch (text) {
                case "bytes" ->
                        send(
                                context,
                                new BinaryWebSocketFrame(
                                        Unpooled.wrappedBuffer(new byte[] {1, 2, 3})));
                case "parts" -> {
                    send(context, new TextWebSocketFrame(false, 0, "one "));
                    send(context, new ContinuationWebSocketFrame(true, 0, "whole"));
                }
                case "ping" -> send(context, new PingWebSocketFrame());
                case "close" -> send(context, new CloseWebSocketFrame(1000, "enough"));
                case "long" -> send(context, new TextWebSocketFrame("x".repeat(5000)));
                case "much" -> {
                    for (int i = 0; i < 20; i++) {
                        send(context, new TextWebSocketFrame("x".repeat(500)));
                    }
                }
                case "empty" -> {
                    for (int i = 0; i < 100; i++) {
                        send(context, new TextWebSocketFrame(""));
                    }
                }
                case "nothing" -> {}
                default -> send(context, new TextWebSocketFrame("echo " + text));
            }
        }

        private void send(ChannelHandlerContext context, Object message) {
            var _ = context.writeAndFlush(message);
        }
    }

    @Override
    public void close() {
        // The port is given back only when its event loop has ended.
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
