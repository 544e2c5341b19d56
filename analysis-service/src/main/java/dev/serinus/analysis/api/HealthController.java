package dev.serinus.analysis.api;

import dev.serinus.schemas.telemetry.FlaggerNames;

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

/** What a kubelet and a Prometheus ask. */
@Controller
@Requires(property = "serinus.service", value = "analysis")
@Produces(MediaType.TEXT_PLAIN)
final class HealthController {

    private final Health service;
    private final PrometheusMeterRegistry metrics;

    HealthController(Health service, PrometheusMeterRegistry metrics) {
        this.service = service;
        this.metrics = metrics;
    }

    /** 200 unless only a new process can help; a broker that is away is no reason for one. */
    @Get("/healthz")
    HttpResponse<String> alive() {
        return service.alive() ? HttpResponse.ok("OK") : unavailable("stopped");
    }

    /** 200 while decisions are taken and the read API knows the fleet. */
    @Get("/readyz")
    HttpResponse<String> ready() {
        return service.ready() ? HttpResponse.ok("OK") : unavailable("not ready");
    }

    /** Prometheus text; in the all-in-one that of all services. */
    @Get("/metrics")
    @ExecuteOn(TaskExecutors.BLOCKING)
    String metrics() {
        return FlaggerNames.restored(metrics.scrape());
    }

    private static HttpResponse<String> unavailable(String because) {
        return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE).body(because);
    }
}
