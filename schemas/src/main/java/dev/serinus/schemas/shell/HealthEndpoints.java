package dev.serinus.schemas.shell;

import dev.serinus.schemas.telemetry.FlaggerNames;
import dev.serinus.schemas.telemetry.ProcessMetrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Liveness, readiness and metrics, on the paths that Flagger uses where it has them. Whatever a
 * caller accepts it gets text: else a path of a service that takes all of them would be nearer.
 */
@Controller
@Requires(beans = {ServiceHealth.class, PrometheusMeterRegistry.class})
@Produces({MediaType.TEXT_PLAIN, MediaType.ALL})
final class HealthEndpoints {

    private final ServiceHealth service;
    private final PrometheusMeterRegistry registry;

    HealthEndpoints(ServiceHealth service, PrometheusMeterRegistry registry) {
        this.service = service;
        this.registry = registry;
        ProcessMetrics.addTo(registry);
    }

    /** 200 unless only a new process can help. */
    @Get("/healthz")
    HttpResponse<String> healthz() {
        return service.alive() ? text("OK") : unavailable("a message loop ended");
    }

    /** 200 while the service does its work; otherwise what it waits for. */
    @Get("/readyz")
    HttpResponse<String> readyz() {
        return service.ready() ? text("OK") : unavailable(service.missing());
    }

    /** Prometheus text; in the all-in-one that of all services. */
    @Get("/metrics")
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<String> metrics() {
        return text(FlaggerNames.restored(registry.scrape()));
    }

    private static HttpResponse<String> text(String body) {
        return HttpResponse.ok(body).contentType(MediaType.TEXT_PLAIN_TYPE);
    }

    private static HttpResponse<String> unavailable(String because) {
        return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(because)
                .contentType(MediaType.TEXT_PLAIN_TYPE);
    }
}
