package dev.serinus.loadtester;

import dev.serinus.loadtester.command.OwnEnvironment;
import dev.serinus.loadtester.command.Programs;
import dev.serinus.loadtester.gate.GateStore;
import dev.serinus.loadtester.gate.GatesInKafka;
import dev.serinus.loadtester.gate.GatesInMemory;
import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.task.Runs;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.OutgoingSettings;
import dev.serinus.schemas.shell.ServiceProcess;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;

import jakarta.inject.Singleton;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the load tester as a process of its own. Wiring only. */
@Factory
public class Application {

    private static final Duration DRAINED = Duration.ofSeconds(50);
    private static final int MOST_CALLS = 100;

    /** Starts it; takes the flags of Flagger's load tester, and variables. */
    public static void main(String[] arguments) {
        OwnEnvironment.hide();
        List<String> given = List.of(arguments);
        if (given.contains("--help") || given.contains("-help") || given.contains("-h")) {
            System.out.print(Flags.HELP);
            return;
        }
        if (given.contains("--version") || given.contains("-version")) {
            ServiceProcess.run("loadtester", "--version");
            return;
        }
        Flags flags = Flags.of(arguments);
        if (!flags.wrong().isEmpty()) {
            flags.wrong().forEach(System.err::println);
            System.err.println("-help lists all flags");
            System.exit(2);
        }
        Map<String, String> properties = new TreeMap<>(flags.properties());
        String level = properties.remove("log-level");
        if (level != null) {
            // Before the first logger is made, whose configuration reads it.
            System.setProperty("SERINUS_LOG_LEVEL", level);
        }
        byDefault(properties, "MICRONAUT_SERVER_PORT", "micronaut.server.port", "9090");
        // Whoever reaches it may run commands: to let others in is to be asked for.
        byDefault(properties, "MICRONAUT_SERVER_HOST", "micronaut.server.host", "127.0.0.1");
        ServiceProcess.run("loadtester", serverArguments(properties));
    }

    private static void byDefault(
            Map<String, String> properties, String variable, String property, String value) {
        if (System.getenv(variable) == null) {
            properties.putIfAbsent(property, value);
        }
    }

    private static String[] serverArguments(Map<String, String> properties) {
        // Bodies are small; answers may take as long as a command.
        properties.putIfAbsent("micronaut.server.max-request-size", "262144");
        properties.putIfAbsent("micronaut.server.idle-timeout", "25h");
        return properties.entrySet().stream()
                .map(each -> "-" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new);
    }

    @Singleton
    BearerToken token(LoadTesterSettings settings) {
        return settings.bearer();
    }

    /** In Kafka where one is configured. */
    @Singleton
    GateStore gates(@Value("${serinus.cluster-name:local}") String cluster) {
        Map<String, String> environment = System.getenv();
        boolean configured =
                environment.containsKey("KAFKA_BOOTSTRAP_SERVERS")
                        || environment.containsKey(KafkaSettings.FILE);
        return configured
                ? GatesInKafka.open(KafkaSettings.from(environment), cluster)
                : new GatesInMemory();
    }

    /** For tests that other services run. */
    @Singleton
    @Bean(preDestroy = "close")
    OutgoingClient calls(OutgoingSettings outgoing) {
        return new OutgoingClient(
                outgoing.guard(), Proxies.of(System.getenv()), CallLimits.of(MOST_CALLS));
    }

    /** Its cluster is reached only where an operator lets it make Jobs. */
    @Singleton
    JobRules jobs(LoadTesterSettings settings, BeanProvider<KubernetesClient> cluster) {
        return settings.jobs(settings.makesJobs() ? cluster.get() : null);
    }

    @Context
    @Bean(preDestroy = "close")
    LoadTester tester(
            LoadTesterSettings settings,
            BearerToken token,
            GateStore gates,
            OutgoingClient calls,
            JobRules jobs,
            MeterRegistry registry) {
        var metrics = new RunMetrics(registry);
        var tester =
                new LoadTester(
                        settings.rule(),
                        settings.taskTypes(TaskTypes.all(calls, jobs, settings.keyFiles())),
                        new Runs(
                                settings.limits(System.getenv()),
                                InstantSource.system(),
                                metrics::record),
                        gates,
                        InstantSource.system());
        Logger log = LoggerFactory.getLogger(Application.class);
        if (!OwnEnvironment.isHidden()) {
            log.atWarn()
                    .log(
                            "this system lets commands read the environment of the load tester:"
                                    + " keep secrets out of it");
        }
        String healthProto = System.getProperty(HealthProto.FILE);
        if (healthProto != null) {
            try {
                HealthProto.write(Path.of(healthProto));
            } catch (IOException cannot) {
                log.atWarn()
                        .addKeyValue("file", healthProto)
                        .addKeyValue("because", cannot.toString())
                        .log("no file for tests of gRPC's health service");
            }
        }
        var programs = Programs.of(settings.limits(System.getenv()).environment());
        log.atInfo()
                .addKeyValue("found", programs.found())
                .addKeyValue("missing", programs.missing())
                .log("programs for tests");
        log.atInfo()
                .addKeyValue("gates", gates.place())
                .addKeyValue("token", token.isWanted())
                .log("load tester");
        return tester;
    }

    /** So that whoever started it with {@code -port 0} knows which port it got. */
    @EventListener
    void listens(ServerStartupEvent started) {
        var server = started.getSource();
        LoggerFactory.getLogger(Application.class)
                .atInfo()
                .addKeyValue("host", server.getHost())
                .addKeyValue("port", server.getPort())
                .log("load tester listens");
    }

    /** Comes before the HTTP server stops, so that hooks that wait still get their answer. */
    @EventListener
    void ending(ShutdownEvent ending) throws InterruptedException {
        ending.getSource().getBean(LoadTester.class).drain(DRAINED);
    }
}
