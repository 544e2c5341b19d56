package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Tells whoever listens what changes in the fleet, as long as the caller may see it. */
@Controller("/api/v1/stream")
@Requires(property = "serinus.service", value = "analysis")
final class StreamController {

    /**
     * How often those that listen are shown that somebody is there, and who may listen is asked.
     */
    static final String BEAT = "serinus.api.stream-beat";

    /** Each is a connection, which a browser may leave open with every tab. */
    private static final int MOST = 1_000;

    private static final int MOST_OF_ONE = 100;

    private final FleetView fleet;
    private final Access access;
    private final Login login;
    private final Duration beat;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, Integer> openOfOne = new ConcurrentHashMap<>();

    StreamController(
            FleetView fleet,
            Access access,
            Login login,
            @Value("${" + BEAT + ":15s}") Duration beat) {
        this.fleet = fleet;
        this.access = access;
        this.login = login;
        this.beat = beat;
    }

    /**
     * All rollouts and then what changes, or, after {@code Last-Event-ID}, only that. With cluster,
     * namespace and name also the events of that one.
     */
    @Get
    @Produces(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> stream(
            HttpRequest<?> request,
            @QueryValue @Nullable String cluster,
            @QueryValue @Nullable String namespace,
            @QueryValue @Nullable String name) {
        CanaryKey one = null;
        if (name != null) {
            if (cluster == null || namespace == null) {
                return Answers.problem(
                        request,
                        HttpStatus.BAD_REQUEST,
                        "name goes with cluster and namespace: the name alone is no one canary's");
            }
            try {
                one = new CanaryKey(cluster, namespace, name);
            } catch (IllegalArgumentException noName) {
                return Answers.problem(
                        request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
            }
        }
        Caller caller = Login.caller(request);
        if (Asking.isOfAnotherSite(request, access)) {
            return Answers.problem(
                    request, HttpStatus.FORBIDDEN, "a page of another site may not listen here");
        }
        String who = access.hasLogin() ? caller.name() : request.getRemoteAddress().getHostString();
        if (open.get() >= MOST || openOfOne.getOrDefault(who, 0) >= MOST_OF_ONE) {
            return Answers.problem(
                            request,
                            HttpStatus.TOO_MANY_REQUESTS,
                            "too many streams are open: close one, or try again later")
                    .header(HttpHeaders.RETRY_AFTER, "10");
        }
        String lastEventId = request.getHeaders().get("Last-Event-ID");
        var stream =
                new ChangeStream(
                        fleet,
                        new CallersSight(caller, login.presence(request), cluster, namespace, name),
                        one,
                        lastEventId == null ? "" : lastEventId.strip(),
                        beat,
                        counted(who));
        return HttpResponse.ok(stream)
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // A proxy that collects before it passes on would pass on nothing.
                .header("X-Accel-Buffering", "no");
    }

    private ChangeStream.Listeners counted(String who) {
        return new ChangeStream.Listeners() {
            @Override
            public boolean came() {
                if (open.incrementAndGet() > MOST) {
                    open.decrementAndGet();
                    return false;
                }
                if (openOfOne.merge(who, 1, Integer::sum) > MOST_OF_ONE) {
                    left();
                    return false;
                }
                return true;
            }

            @Override
            public void left() {
                open.decrementAndGet();
                openOfOne.computeIfPresent(who, (_, count) -> count == 1 ? null : count - 1);
            }
        };
    }

    private final class CallersSight implements ChangeStream.Sight {

        private final Caller caller;
        private final BooleanSupplier isPresent;
        private final @Nullable String cluster;
        private final @Nullable String namespace;
        private final @Nullable String name;

        CallersSight(
                Caller caller,
                BooleanSupplier isPresent,
                @Nullable String cluster,
                @Nullable String namespace,
                @Nullable String name) {
            this.caller = caller;
            this.isPresent = isPresent;
            this.cluster = cluster;
            this.namespace = namespace;
            this.name = name;
        }

        @Override
        public String over() {
            return isPresent.getAsBoolean() ? "" : "the login is over";
        }

        @Override
        public int version() {
            return access.sight(caller);
        }

        @Override
        public boolean shows(CanaryKey canary) {
            return (cluster == null || cluster.equals(canary.cluster()))
                    && (namespace == null || namespace.equals(canary.namespace()))
                    && (name == null || name.equals(canary.name()))
                    && access.allows(caller, Rules.READ, canary);
        }
    }
}
