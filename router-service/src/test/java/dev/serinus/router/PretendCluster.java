package dev.serinus.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.CommandHandler;
import dev.serinus.router.command.Means;
import dev.serinus.router.command.Memory;
import dev.serinus.router.command.Turns;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.KubernetesCluster;
import dev.serinus.router.objects.Ref;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topics;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.function.Consumer;

/**
 * An API server without controllers: nothing becomes ready by itself, so that a test says what is
 * ready when.
 */
public final class PretendCluster implements AutoCloseable {

    public static final String NAMESPACE = "test";
    private static final CanaryKey KEY = new CanaryKey("lab", NAMESPACE, "podinfo");

    private final KubernetesMockServer server =
            new KubernetesMockServer(
                    new Context(),
                    new MockWebServer(),
                    new HashMap<>(),
                    new KubernetesCrudDispatcher(),
                    false);
    private final KubernetesClient client;
    private final KubernetesCluster cluster;
    private final Canaries canaries;
    private final Means means;
    private final CommandHandler handler;

    public PretendCluster() {
        this(Installation.named("lab"), (_, _, _, _) -> {});
    }

    public PretendCluster(Installation installation, Memory memory) {
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = server.createClient();
        cluster = new KubernetesCluster(client);
        canaries = new Canaries(client, null);
        means = Means.of(cluster, installation, Duration.ofMillis(300));
        handler =
                new CommandHandler(
                        canaries,
                        means,
                        new Turns(),
                        memory,
                        new dev.serinus.schemas.runtime.Outbox() {
                            @Override
                            public <V> void send(
                                    dev.serinus.schemas.topic.Topic<CanaryKey, V> topic,
                                    CanaryKey canary,
                                    V value) {
                                throw new IllegalStateException("tests read the answer itself");
                            }
                        },
                        new Topics(KafkaSettings.at("nowhere:9092")).routerResults("lab"));
        canaries.start();
        Awaitility.await().until(canaries::hasSynced);
    }

    public KubernetesClient client() {
        return client;
    }

    public Means means() {
        return means;
    }

    public Canaries canaries() {
        return canaries;
    }

    public KubernetesCluster objects() {
        return cluster;
    }

    /** Requests that changed something, since the server started. */
    public int requests() {
        return server.getRequestCount();
    }

    /** Creates the objects of a YAML resource of the test class path. */
    public PretendCluster apply(String resource) {
        return create(read(resource));
    }

    /** Creates the objects of a YAML text. */
    public PretendCluster create(String yaml) {
        for (String document : yaml.split("(?m)^---\\s*$")) {
            if (!document.isBlank()) {
                var object =
                        client.getKubernetesSerialization()
                                .unmarshal(document, GenericKubernetesResource.class);
                if (object.getMetadata().getNamespace() == null) {
                    object.getMetadata().setNamespace(NAMESPACE);
                }
                client.genericKubernetesResources(kind(object).context())
                        .inNamespace(object.getMetadata().getNamespace())
                        .resource(object)
                        .create();
            }
        }
        return this;
    }

    private static Kind kind(GenericKubernetesResource object) {
        String version = object.getApiVersion();
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : version.substring(0, slash);
        return new Kind(
                group,
                version.substring(slash + 1),
                object.getKind(),
                object.getKind().equals("Canary")
                        ? "canaries"
                        : object.getKind().toLowerCase(java.util.Locale.ROOT) + "s");
    }

    public static String read(String resource) {
        try (var stream = PretendCluster.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test resource " + resource);
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public Ref ref(Kind kind, String name) {
        return kind.named(NAMESPACE, name);
    }

    public ClusterObject get(Kind kind, String name) {
        var found = cluster.find(ref(kind, name));
        if (found == null) {
            throw new AssertionError(kind.plural() + "/" + name + " does not exist");
        }
        return found;
    }

    public boolean has(Kind kind, String name) {
        return cluster.find(ref(kind, name)) != null;
    }

    /** Somebody else changes an object. */
    public void edit(Kind kind, String name, Consumer<dev.serinus.router.objects.Edit> edit) {
        var unused = cluster.replace(get(kind, name).edited(edit));
    }

    /** What the controllers of a cluster would do: the workload's pods serve. */
    public void serve(String deployment) {
        var wanted = get(Kind.DEPLOYMENT, deployment).at("/spec/replicas").asInt(1);
        serve(deployment, wanted);
    }

    /** So many of the workload's pods serve. */
    public void serve(String deployment, int available) {
        edit(
                Kind.DEPLOYMENT,
                deployment,
                it -> {
                    ObjectNode status = JsonNodeFactory.instance.objectNode();
                    // The write of a status raises the generation here, which it does not
                    // elsewhere.
                    status.put("observedGeneration", 1_000_000);
                    status.put("replicas", available);
                    status.put("updatedReplicas", available);
                    status.put("availableReplicas", available);
                    it.put("status", status);
                });
    }

    public ClusterObject canary() {
        return get(Kind.CANARY, "podinfo");
    }

    public RouterCommand.Builder command(RouterAction action, long step) {
        var canary = canary();
        return RouterCommand.newBuilder()
                .setCanary(KEY.toString())
                .setStep(
                        StepId.newBuilder()
                                .setUid(canary.at("/metadata/uid").asText())
                                .setRun(1)
                                .setStep(step)
                                .setAttempt(1)
                                .build())
                .setGeneration(canary.at("/metadata/generation").asLong())
                .setAction(action)
                .setCanaryWeight(0)
                .setMirrored(false)
                .setMatched(false)
                .setTargetRunning(true)
                .setRevision("");
    }

    public RouterResult send(RouterCommand.Builder command) {
        try {
            return handler.answer(KEY, command.build());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    public RouterResult initialize(long step) {
        return send(command(RouterAction.INITIALIZE, step));
    }

    public RouterResult takeOver(long step) {
        return send(command(RouterAction.TAKE_OVER, step).setTargetRunning(false));
    }

    public RouterResult shift(long step, int weight) {
        return send(command(RouterAction.SHIFT, step).setCanaryWeight(weight));
    }

    public RouterResult scale(long step, boolean running) {
        return send(command(RouterAction.SCALE, step).setTargetRunning(running));
    }

    public RouterResult promote(long step) {
        String revision =
                dev.serinus.schemas.canary.Revision.of(
                        get(Kind.DEPLOYMENT, "podinfo").at("/spec/template"));
        return send(command(RouterAction.PROMOTE, step).setRevision(revision));
    }

    /** The canary's image is changed. */
    public void release(String image) {
        edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        ((ObjectNode) it.spec().at("/template/spec/containers/0"))
                                .put("image", image));
    }

    @Override
    public void close() {
        canaries.close();
        client.close();
        server.destroy();
    }
}
