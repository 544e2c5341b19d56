package dev.serinus.schemas.shell;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The one way in which a service becomes a process of its own. */
public final class ServiceProcess {

    /** Below the environment, so that every default can be set from outside. */
    private static final int LAST = -1_000;

    private ServiceProcess() {}

    /**
     * Runs a service until the process is told to end; {@code --version} prints what was built. A
     * start that fails ends it with one sentence and exit code 1.
     *
     * @param service its short name, such as {@code router}; beans of other services on the class
     *     path stay out
     */
    public static void run(String service, String... arguments) {
        if (asksForVersion(arguments)) {
            System.out.println(Version.current().line());
            return;
        }
        try {
            checkLog(LogVariables.problems(System.getenv()));
            var context = start(service, arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(context::close, "stop"));
        } catch (RuntimeException trouble) {
            Logger log = LoggerFactory.getLogger(ServiceProcess.class);
            log.atError()
                    .addKeyValue("service", service)
                    .log("cannot start: " + ErrorCauses.shortest(trouble));
            log.atDebug().setCause(trouble).log("where it failed");
            System.exit(1);
        }
        awaitSignal();
    }

    /** Starts a service with its HTTP server and returns; closing the context stops it. */
    public static ApplicationContext start(String service, String... arguments) {
        ApplicationContext context =
                ApplicationContext.builder()
                        .args(arguments)
                        .banner(false)
                        .properties(Map.of("serinus.service", service))
                        .propertySources(
                                PropertySource.of("serinus-defaults", defaults(service), LAST))
                        .build();
        try {
            context.start();
            context.getBean(EmbeddedServer.class).start();
            return context;
        } catch (RuntimeException trouble) {
            context.close();
            throw trouble;
        }
    }

    private static Map<String, Object> defaults(String service) {
        return Map.of(
                "micronaut.application.name",
                "serinus-" + service,
                "micronaut.server.port",
                8080,
                "micronaut.server.thread-selection",
                "blocking",
                "micronaut.metrics.export.prometheus.enabled",
                true,
                "micronaut.metrics.export.prometheus.descriptions",
                true);
    }

    private static boolean asksForVersion(String... arguments) {
        return List.of(arguments).contains("--version") || List.of(arguments).contains("-version");
    }

    /** There is no log yet that could say it. */
    private static void checkLog(List<String> problems) {
        if (!problems.isEmpty()) {
            System.err.println("serinus cannot start: " + String.join("; ", problems));
            System.exit(1);
        }
    }

    private static void awaitSignal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
