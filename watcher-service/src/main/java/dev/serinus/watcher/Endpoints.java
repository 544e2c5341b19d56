package dev.serinus.watcher;

import dev.serinus.schemas.telemetry.FlaggerNames;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/** Liveness, readiness and metrics, on the paths that Flagger uses where it has them. */
@Controller
@Produces(MediaType.TEXT_PLAIN)
class Endpoints {

    private final WatcherService service;
    private final PrometheusMeterRegistry registry;

    Endpoints(WatcherService service, PrometheusMeterRegistry registry) {
        this.service = service;
        this.registry = registry;
    }

    @Get("/healthz")
    HttpResponse<String> healthz() {
        return service.healthy() ? HttpResponse.ok("OK") : unavailable("a message loop ended");
    }

    @Get("/readyz")
    HttpResponse<String> readyz() {
        return service.ready() ? HttpResponse.ok("OK") : unavailable(service.missing());
    }

    @Get("/metrics")
    String metrics() {
        return FlaggerNames.restored(registry.scrape());
    }

    private static HttpResponse<String> unavailable(String because) {
        return HttpResponse.<String>status(HttpStatus.SERVICE_UNAVAILABLE).body(because);
    }
}
