package dev.serinus.analysis;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.api.OnRequest;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.shell.ServiceProcess;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;

import jakarta.inject.Singleton;

import java.time.InstantSource;

/** Runs the analysis service as a process of its own. Wiring only. */
public final class Application {

    private Application() {}

    /** Starts it; configuration comes from the environment and Micronaut's files. */
    public static void main(String[] arguments) {
        ServiceProcess.run("analysis", arguments);
    }

    /** The service itself, where nobody brought one along. */
    @Factory
    @Requires(property = "serinus.service", value = "analysis")
    static final class Beans {

        @Context
        @Bean(preDestroy = "close")
        @Requires(missingBeans = ServiceHealth.class)
        AnalysisService service(
                KafkaSettings kafka, AnalysisConfig config, MeterRegistry registry) {
            var service =
                    new AnalysisService(
                            kafka,
                            config,
                            InstantSource.system(),
                            registry,
                            Traces.of(System.getenv()));
            service.start();
            return service;
        }

        @Singleton
        @Requires(missingBeans = FleetView.class)
        FleetView fleet(AnalysisService service) {
            return service.fleet();
        }

        @Singleton
        @Requires(missingBeans = ActionDesk.class)
        ActionDesk actions(AnalysisService service) {
            return service.actions();
        }

        @Singleton
        @Requires(missingBeans = OnRequest.class)
        OnRequest onRequest(AnalysisService service) {
            return service.onRequest();
        }

        /** A process of its own serves others than this machine. */
        @Context
        @Requires(missingBeans = Access.class)
        Access access(AccessConfig config, LoginConfig browser) {
            return Access.of(config, browser, false, InstantSource.system());
        }
    }
}
