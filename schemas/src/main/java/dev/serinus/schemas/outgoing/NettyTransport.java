package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * HTTP/1.1 over Netty, on one event loop. It connects to the addresses it is given and resolves
 * nothing. RATIONALE.md says why this is not Micronaut's client.
 */
final class NettyTransport implements Transport {

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(15);
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_CHUNK = 16 * 1024;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("outgoing", true), NioIoHandler.newFactory());
    private final ExecutorService handshakes = Executors.newVirtualThreadPerTaskExecutor();
    private final TlsContexts contexts = new TlsContexts();
    private final IdleConnections idle = new IdleConnections();

    /**
     * A kept connection may be closed by the other side just as it is used again, which says
     * nothing about the other side: where it ends without a byte the request is made on a new one,
     * at once. What was asked on a new one is not asked again.
     */
    @Override
    public Response exchange(Request request, Duration left)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + left.toNanos();
        for (InetSocketAddress peer : request.peers()) {
            Channel kept = idle.take(kind(request, peer));
            if (kept != null) {
                try {
                    return ask(kept, peer, request, deadline);
                } catch (Trouble.NoByte stale) {
                    break; // any of the peers may be asked instead
                }
            }
        }
        try {
            return askAnew(request, deadline);
        } catch (Trouble.NoByte failed) {
            throw failed.because;
        }
    }

    /** Asks the first of the peers that can be connected to. */
    private Response askAnew(Request request, long deadline)
            throws IOException, InterruptedException {
        var connection =
                connectAny(
                        request,
                        tunnelled(request),
                        pipeline -> pipeline.addLast(new Exchange()),
                        deadline);
        return ask(connection.channel(), connection.peer(), request, deadline);
    }

    /** A proxy is asked for a tunnel also where it could pass on requests: few pass on sockets. */
    @Override
    public Response converse(
            Request request, List<String> said, Predicate<SocketMessage> more, Duration left)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + left.toNanos();
        var channel =
                connectAny(
                                request,
                                request.proxy() != null,
                                pipeline -> new SocketExchange(request, said).join(pipeline),
                                deadline)
                        .channel();
        try {
            return channel.pipeline().get(SocketExchange.class).hear(channel, more, deadline);
        } finally {
            var _ = channel.close();
        }
    }

    private record Connection(Channel channel, InetSocketAddress peer) {}

    /** A connection to the first of the peers that takes one. */
    private Connection connectAny(
            Request request, boolean tunnel, Consumer<ChannelPipeline> end, long deadline)
            throws IOException, InterruptedException {
        IOException first = null;
        int untried = request.peers().size();
        for (InetSocketAddress peer : request.peers()) {
            try {
                // One that does not answer leaves their share of the time to the others.
                long share = (deadline - System.nanoTime()) / untried;
                return new Connection(connect(request, peer, tunnel, end, share), peer);
            } catch (IOException failed) {
                first = first == null ? failed : first;
                untried--;
            }
        }
        throw first == null ? new ConnectException("no address") : first;
    }

    private Channel connect(
            Request request,
            InetSocketAddress peer,
            boolean tunnel,
            Consumer<ChannelPipeline> end,
            long nanos)
            throws IOException, InterruptedException {
        // Made by whoever asks, since it takes a while: the event loop is everybody's.
        SslContext tls =
                secure(request.address())
                        ? contexts.of(request.anyCertificate(), request.tls())
                        : null;
        long patience = Math.min(LONGEST_CONNECT.toNanos(), nanos);
        int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(patience));
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .resolver(NoopAddressResolverGroup.INSTANCE)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(pipeline(request, peer, tunnel, tls, end, millis))
                        .connect(tunnel ? unresolved(request.address()) : peer);
        try {
            if (!connecting.await(patience + 1, TimeUnit.NANOSECONDS)) {
                var _ = connecting.channel().close();
                throw new SocketTimeoutException("not connected in time");
            }
        } catch (InterruptedException stopped) {
            var _ = connecting.channel().close();
            throw stopped;
        }
        if (!connecting.isSuccess()) {
            throw io(connecting.cause());
        }
        return connecting.channel();
    }

    private ChannelInitializer<Channel> pipeline(
            Request request,
            InetSocketAddress peer,
            boolean tunnel,
            @Nullable SslContext tls,
            Consumer<ChannelPipeline> end,
            int millis) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                var pipeline = channel.pipeline();
                if (tunnel) {
                    pipeline.addLast(tunnel(request, peer, millis));
                }
                if (tls != null) {
                    var handler =
                            tls.newHandler(
                                    channel.alloc(),
                                    HostText.bare(request.address().getHost()),
                                    Addresses.port(request.address()),
                                    handshakes);
                    handler.setHandshakeTimeoutMillis(0); // the call's own limit counts
                    pipeline.addLast(handler);
                }
                pipeline.addLast(new HttpClientCodec(LONGEST_LINE, LONGEST_HEAD, LONGEST_CHUNK));
                end.accept(pipeline);
            }
        };
    }

    private static HttpProxyHandler tunnel(Request request, InetSocketAddress peer, int millis) {
        String user = request.proxy() == null ? null : request.proxy().getUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        var handler =
                user == null
                        ? new HttpProxyHandler(peer)
                        : new HttpProxyHandler(
                                peer,
                                colon < 0 ? user : user.substring(0, colon),
                                colon < 0 ? "" : user.substring(colon + 1));
        handler.setConnectTimeoutMillis(millis);
        return handler;
    }

    private Response ask(Channel channel, InetSocketAddress peer, Request request, long deadline)
            throws IOException, InterruptedException {
        FullHttpRequest message;
        try {
            message = message(request);
        } catch (RuntimeException unusable) {
            var _ = channel.close();
            throw unusable;
        }
        var answer = Exchange.begin(channel, request, message);
        try {
            var done = answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (done.reusable()) {
                idle.keep(kind(request, peer), channel);
            } else {
                var _ = channel.close();
            }
            return done.response();
        } catch (TimeoutException late) {
            var _ = channel.close();
            throw new SocketTimeoutException("not answered in time");
        } catch (InterruptedException stopped) {
            var _ = channel.close();
            throw stopped;
        } catch (ExecutionException failed) {
            throw io(failed.getCause());
        }
    }

    private static IOException io(@Nullable Throwable cause) {
        return cause instanceof IOException trouble ? trouble : new IOException("no answer", cause);
    }

    private static FullHttpRequest message(Request request) {
        URI address = request.address();
        ByteBuf body =
                request.body() == null
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.wrappedBuffer(request.body().getBytes(UTF_8));
        var message =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(request.method()),
                        line(request),
                        body);
        var headers = message.headers();
        headers.set("Host", authority(address)); // as everybody writes it: recordings show it
        headers.set(HttpHeaderNames.USER_AGENT, "serinus");
        if (request.body() != null || !request.method().matches("GET|HEAD|DELETE|OPTIONS")) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        request.headers().forEach(headers::set);
        URI proxy = request.proxy();
        if (proxy != null && !tunnelled(request)) {
            Addresses.basic(proxy)
                    .ifPresent(user -> headers.set(HttpHeaderNames.PROXY_AUTHORIZATION, user));
        }
        return message;
    }

    /** A proxy that does not tunnel is told the whole address, as HTTP wants it. */
    private static String line(Request request) {
        URI address = request.address();
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String origin =
                request.proxy() == null || tunnelled(request)
                        ? ""
                        : address.getScheme() + "://" + authority(address);
        return origin + (path.isEmpty() ? "/" : path) + query;
    }

    private static String authority(URI address) {
        return address.getPort() < 0
                ? address.getHost()
                : address.getHost() + ":" + address.getPort();
    }

    private static boolean secure(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }

    private static boolean tunnelled(Request request) {
        return request.proxy() != null && secure(request.address());
    }

    private static InetSocketAddress unresolved(URI address) {
        return InetSocketAddress.createUnresolved(
                HostText.bare(address.getHost()), Addresses.port(address));
    }

    private static IdleConnections.Kind kind(Request request, InetSocketAddress peer) {
        URI address = request.address();
        // To a proxy that does not tunnel one connection is as good as another.
        boolean forwarded = request.proxy() != null && !tunnelled(request);
        return new IdleConnections.Kind(
                forwarded ? "proxy" : secure(address) ? "https" : "http",
                forwarded ? "" : HostText.bare(address.getHost()),
                forwarded ? 0 : Addresses.port(address),
                peer,
                request.proxy(),
                request.anyCertificate(),
                request.tls());
    }

    int kept() {
        return idle.size();
    }

    @Override
    public void close() {
        idle.close();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        handshakes.shutdownNow();
    }
}
