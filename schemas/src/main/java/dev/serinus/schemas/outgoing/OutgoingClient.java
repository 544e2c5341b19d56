package dev.serinus.schemas.outgoing;

import dev.serinus.schemas.hook.TestReport;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes single attempts of calls to addresses that manifests name. A name is resolved once, its
 * addresses are judged, and those very addresses are connected to; so it is with a manifest's proxy
 * and with every redirect, which is followed on the same host only, ten times at most. One time
 * limit covers all of it. What a canary, a namespace and all together have under way is bounded, in
 * calls and in bytes; a call that gets no turn is answered for. Callers block, so let them be
 * virtual threads.
 */
public final class OutgoingClient implements AutoCloseable {

    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_ADDRESSES = 4;

    private final Transport transport;
    private final NameLookup names;
    private final AddressGuard guard;
    private final Proxies environment;
    private final CallLimits limits;
    private final CallSlots slots;
    private final Quota bytes;

    /** Calls over the network; certificates are verified against the JVM's trust store. */
    public OutgoingClient(AddressGuard guard, Proxies environment, CallLimits limits) {
        this(new NettyTransport(), InetAddress::getAllByName, guard, environment, limits);
    }

    /** Calls through another transport, such as one without a network; it is closed with this. */
    public static OutgoingClient over(Transport transport, AddressGuard guard, CallLimits limits) {
        return new OutgoingClient(
                transport,
                _ -> new InetAddress[] {InetAddress.getLoopbackAddress()},
                guard,
                Proxies.none(),
                limits);
    }

    OutgoingClient(
            Transport transport,
            NameLookup.Names names,
            AddressGuard guard,
            Proxies environment,
            CallLimits limits) {
        this(transport, new NameLookup(names), guard, environment, limits);
    }

    private OutgoingClient(
            Transport transport,
            NameLookup names,
            AddressGuard guard,
            Proxies environment,
            CallLimits limits) {
        this.transport = transport;
        this.names = names;
        this.guard = guard;
        this.environment = environment;
        this.limits = limits;
        this.slots =
                new CallSlots(limits.calls(), limits.callsOfNamespace(), limits.callsOfCanary());
        this.bytes =
                new Quota(limits.bytes(), limits.bytesOfNamespace(), limits.bytesOfNamespace());
    }

    /**
     * Another one over the same transport, for what the installation asks in its own name, such as
     * who it is at its cloud: within limits of its own, so that no canary's calls keep it waiting,
     * and for addresses that the operator names. Link-local ones are none to be refused, and no
     * proxy leads to addresses of http, where clouds hand out credentials on the machine itself.
     * Closed with this one.
     */
    public OutgoingClient ofTheInstallation(CallLimits own) {
        return new OutgoingClient(
                transport,
                names.besides(),
                new AddressGuard(true, guard.denied()),
                environment.ofHttps(),
                own);
    }

    /**
     * Another one over the same transport, for calls within limits of their own: however many of
     * them hang, the others get their turns. Closed with this one.
     */
    public OutgoingClient within(CallLimits own) {
        return new OutgoingClient(transport, names.besides(), guard, environment, own);
    }

    /**
     * Makes one attempt; trouble of any kind is a reply.
     *
     * @param owner whose manifest the call comes from
     */
    public Reply send(CanaryKey owner, Call call) throws InterruptedException {
        return send(owner, call, reply -> reply);
    }

    /**
     * Makes one attempt and reads its reply while the answer still counts as being read, so that
     * what reading makes of it is bounded too.
     */
    public <T> T send(CanaryKey owner, Call call, Function<Reply, T> reader)
            throws InterruptedException {
        return inTurn(owner, held -> reader.apply(held.send(call)))
                .orElseGet(() -> reader.apply(Trouble.crowded(owner.namespace())));
    }

    /**
     * Has a conversation over a WebSocket: {@link InTurn#converse}.
     *
     * @return status 101 when all was heard, else what came in its place
     */
    public Reply converse(
            CanaryKey owner, Call call, List<String> said, Predicate<SocketMessage> more)
            throws InterruptedException {
        return inTurn(owner, held -> held.converse(call, said, more))
                .orElseGet(() -> Trouble.crowded(owner.namespace()));
    }

    /**
     * Has a conversation with a host in another protocol than HTTP, within the same limits, and
     * with the same judgement of where it may go. It never goes through a proxy, and it fails where
     * the host says more than 64 KiB.
     *
     * @param owner whose manifest the host comes from
     * @param timeout of all of it, the time in which a turn is waited for excepted
     * @param otherwise what it comes to where there was no conversation, or not to its end
     */
    public <T> T converse(
            CanaryKey owner,
            Host host,
            Duration timeout,
            Conversation<T> conversation,
            Function<Reply, T> otherwise)
            throws InterruptedException {
        if (!slots.enter(owner, limits.longestWait())) {
            return otherwise.apply(Trouble.crowded(owner.namespace()));
        }
        var held = new HeldBytes(bytes, owner);
        try {
            long deadline = System.nanoTime() + timeout.toNanos();
            String name = HostText.bare(host.name());
            var peers = judged(owner, host.name(), host.port(), deadline);
            return Dialer.converse(peers, name, deadline, held, conversation);
        } catch (Refused refused) {
            return otherwise.apply(new Reply.Unanswered(refused.because, false));
        } catch (IOException failed) {
            return otherwise.apply(Trouble.of(failed));
        } finally {
            held.end();
            slots.leave(owner);
        }
    }

    /** What may be done in a turn. */
    public interface InTurn {

        /** Takes room for so many more bytes of an answer; false when there is none. */
        boolean room(int bytes);

        /** Makes one attempt; trouble of any kind is a reply. */
        Reply send(Call call) throws InterruptedException;

        /**
         * Has a conversation over a WebSocket, at an address of http or https, which stand for ws
         * and wss: says these texts one after the other once it is open, and hands on what comes
         * for as long as more is wanted. It is never redirected.
         *
         * @return status 101 when all was heard, else what came in its place
         */
        Reply converse(Call call, List<String> said, Predicate<SocketMessage> more)
                throws InterruptedException;
    }

    /** What is done in a turn. */
    @FunctionalInterface
    public interface Turn<T> {
        T take(InTurn held) throws InterruptedException;
    }

    /**
     * Does what needs more than one call, or something else besides such as a turn at the server,
     * within the limits on what is under way: room for bytes is given back when it is done. Empty
     * when no turn came.
     *
     * @param owner on whose behalf
     */
    public <T> Optional<T> inTurn(CanaryKey owner, Turn<T> turn) throws InterruptedException {
        if (!slots.enter(owner, limits.longestWait())) {
            return Optional.empty();
        }
        var bytesHeld = new HeldBytes(bytes, owner);
        try {
            return Optional.of(turn.take(new Held(owner, bytesHeld)));
        } finally {
            bytesHeld.end();
            slots.leave(owner);
        }
    }

    private final class Held implements InTurn {
        private final CanaryKey owner;
        private final HeldBytes held;

        private Held(CanaryKey owner, HeldBytes held) {
            this.owner = owner;
            this.held = held;
        }

        @Override
        public boolean room(int more) {
            return held.take(more);
        }

        @Override
        public Reply send(Call call) throws InterruptedException {
            return follow(owner, call, held);
        }

        @Override
        public Reply converse(Call call, List<String> said, Predicate<SocketMessage> more)
                throws InterruptedException {
            try {
                long deadline = System.nanoTime() + call.timeout().toNanos();
                return answered(
                        transport.converse(
                                judged(owner, call, held, deadline), said, more, left(deadline)));
            } catch (Refused refused) {
                return new Reply.Unanswered(refused.because, false);
            } catch (IOException failed) {
                return Trouble.of(failed);
            } catch (IllegalArgumentException unusable) {
                return Trouble.UNUSABLE;
            }
        }
    }

    private Reply follow(CanaryKey owner, Call call, HeldBytes held) throws InterruptedException {
        long deadline = System.nanoTime() + call.timeout().toNanos();
        Call next = call;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Transport.Response response;
            try {
                response = exchange(owner, next, held, deadline);
            } catch (Refused refused) {
                return new Reply.Unanswered(refused.because, false);
            } catch (IOException failed) {
                return Trouble.of(failed);
            } catch (IllegalArgumentException unusable) {
                return Trouble.UNUSABLE;
            }
            Optional<String> location = response.header("location");
            if (!redirects(response.status()) || location.isEmpty()) {
                return answered(response);
            }
            Optional<URI> target = Addresses.onSameSite(next.address(), location.get());
            if (target.isEmpty()) {
                return Trouble.ELSEWHERE;
            }
            next = redirected(next, response.status(), target.get());
        }
        return Trouble.LOOP;
    }

    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final String because;

        Refused(String because) {
            this.because = because;
        }
    }

    private Transport.Response exchange(CanaryKey owner, Call call, HeldBytes held, long deadline)
            throws IOException, InterruptedException {
        return transport.exchange(judged(owner, call, held, deadline), left(deadline));
    }

    /** The request for the addresses that it may go to. */
    private Transport.Request judged(CanaryKey owner, Call call, HeldBytes held, long deadline)
            throws IOException, InterruptedException {
        Proxies proxies = call.proxies() == null ? environment : call.proxies();
        URI proxy = proxies.proxyFor(call.address());
        List<InetSocketAddress> peers;
        if (proxy == null) {
            peers = judged(owner, call.address(), deadline);
        } else {
            // The name is the proxy's to resolve; here it may not even exist.
            refuse(guard.refusal(call.address().getHost()));
            // Where the operator's own proxy stands is the operator's to say.
            peers =
                    proxies.areTheOperators()
                            ? found(owner, proxy.getHost(), Addresses.port(proxy), deadline)
                            : judged(owner, proxy, deadline);
        }
        return new Transport.Request(
                call.method(),
                call.address(),
                headers(call),
                call.body(),
                peers,
                proxy,
                call.anyCertificate(),
                call.tls(),
                call.reading(),
                call.timeout(),
                held);
    }

    private List<InetSocketAddress> judged(CanaryKey owner, URI address, long deadline)
            throws IOException, InterruptedException {
        return judged(owner, address.getHost(), Addresses.port(address), deadline);
    }

    private List<InetSocketAddress> judged(CanaryKey owner, String name, int port, long deadline)
            throws IOException, InterruptedException {
        refuse(guard.refusal(name));
        var found = found(owner, name, port, deadline);
        for (InetSocketAddress peer : found) {
            refuse(guard.refusal(peer.getAddress()));
        }
        return found;
    }

    private static void refuse(@Nullable String because) throws Refused {
        if (because != null) {
            throw new Refused(because);
        }
    }

    private List<InetSocketAddress> found(CanaryKey owner, String name, int port, long deadline)
            throws IOException, InterruptedException {
        String host = HostText.bare(name);
        InetAddress spelt = HostText.address(host);
        List<InetAddress> all =
                spelt != null ? List.of(spelt) : names.addresses(owner, host, left(deadline));
        List<InetSocketAddress> peers = new ArrayList<>();
        for (InetAddress one : all) {
            peers.add(new InetSocketAddress(one, port));
        }
        return peers.size() <= MOST_ADDRESSES ? peers : peers.subList(0, MOST_ADDRESSES);
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Map<String, List<String>> headers(Call call) {
        var user = Addresses.basic(call.address());
        if (user.isEmpty()
                || call.headers().keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
            return call.headers();
        }
        var all = new LinkedHashMap<>(call.headers());
        all.put(AUTHORIZATION, List.of(user.get()));
        return all;
    }

    private static final String AUTHORIZATION = "Authorization";

    private static boolean redirects(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** All but 307 and 308 turn what is neither GET nor HEAD into a GET, as everybody does. */
    private static Call redirected(Call call, int status, URI to) {
        boolean same =
                status == 307
                        || status == 308
                        || call.method().equals("GET")
                        || call.method().equals("HEAD");
        var headers = new LinkedHashMap<>(call.headers());
        if (!same) {
            headers.keySet().removeIf("Content-Type"::equalsIgnoreCase);
        }
        return new Call(
                same ? call.method() : "GET",
                to,
                headers,
                same ? call.body() : null,
                call.timeout(),
                call.reading(),
                call.proxies(),
                call.anyCertificate(),
                call.tls());
    }

    private static Reply answered(Transport.Response response) {
        return new Reply.Answered(
                response.status(),
                response.body(),
                response.header("retry-after")
                        .map(text -> RetryAfter.read(text, Instant.now()))
                        .orElse(null),
                response.header("content-type").orElse(null),
                response.header("location").orElse(null),
                response.header("preference-applied").orElse(null),
                response.header(TestReport.HEADER).orElse(null));
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        names.close();
        transport.close();
    }
}
