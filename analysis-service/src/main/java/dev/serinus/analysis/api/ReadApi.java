package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.shell.ServiceHealth;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The HTTP side for a service that somebody else wired and started, such as the all-in-one. */
public final class ReadApi implements AutoCloseable {

    private static final Duration STREAM_BEAT = Duration.ofSeconds(15);

    private final ApplicationContext context;
    private final EmbeddedServer server;

    private ReadApi(ApplicationContext context, EmbeddedServer server) {
        this.context = context;
        this.server = server;
    }

    /**
     * What a context that serves this API needs to be told. The property {@code serinus.service}
     * keeps the beans of services apart where several are on one class path.
     */
    public static Map<String, Object> properties() {
        return Map.of(
                "serinus.service", "analysis", "micronaut.application.name", "serinus-analysis");
    }

    /**
     * Serves at this address of the machine and this port, 0 for any that is free. At a loopback
     * address it answers only who asks for this machine by one of its own names.
     *
     * @param access who logs in and may do what
     */
    public static ReadApi serve(
            ServiceHealth health,
            FleetView fleet,
            ActionDesk actions,
            AccessConfig access,
            PrometheusMeterRegistry metrics,
            String host,
            int port) {
        return serve(health, fleet, actions, access, LoginConfig.NONE, metrics, host, port);
    }

    /**
     * The same, where people log in with a browser.
     *
     * @param browser how they do
     */
    public static ReadApi serve(
            ServiceHealth health,
            FleetView fleet,
            ActionDesk actions,
            AccessConfig access,
            LoginConfig browser,
            PrometheusMeterRegistry metrics,
            String host,
            int port) {
        return serve(health, fleet, actions, OnRequest.NONE, access, browser, metrics, host, port);
    }

    /**
     * The same, where more is looked up when somebody asks.
     *
     * @param onRequest what there is to look up
     */
    public static ReadApi serve(
            ServiceHealth health,
            FleetView fleet,
            ActionDesk actions,
            OnRequest onRequest,
            AccessConfig access,
            LoginConfig browser,
            PrometheusMeterRegistry metrics,
            String host,
            int port) {
        return serve(
                health,
                fleet,
                actions,
                onRequest,
                access,
                browser,
                metrics,
                host,
                port,
                STREAM_BEAT);
    }

    /** The same, where those that listen are shown as often that somebody is there. */
    static ReadApi serve(
            ServiceHealth health,
            FleetView fleet,
            ActionDesk actions,
            OnRequest onRequest,
            AccessConfig access,
            LoginConfig browser,
            PrometheusMeterRegistry metrics,
            String host,
            int port,
            Duration streamBeat) {
        Map<String, Object> properties = new HashMap<>(properties());
        properties.put("micronaut.server.host", host);
        properties.put("micronaut.server.port", port == 0 ? -1 : port);
        boolean loopback = LoopbackOnly.isLoopback(host);
        properties.put(LoopbackOnly.PROPERTY, loopback);
        properties.put(StreamController.BEAT, streamBeat);
        properties.put("micronaut.metrics.enabled", false); // the registry is brought along
        ApplicationContext context =
                ApplicationContext.builder()
                        .banner(false)
                        .deduceEnvironment(false)
                        .properties(properties)
                        .singletons(
                                health,
                                fleet,
                                actions,
                                onRequest,
                                Access.of(access, browser, loopback, InstantSource.system()),
                                metrics)
                        .start();
        return new ReadApi(context, context.getBean(EmbeddedServer.class).start());
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
        context.close();
    }
}
