package dev.serinus.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.command.ActionContext;
import dev.serinus.router.command.CanaryLocks;
import dev.serinus.router.command.CommandHandler;
import dev.serinus.router.command.RecentWrites;
import dev.serinus.router.drift.Drift;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.KubernetesCluster;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.RememberedCluster;
import dev.serinus.router.objects.Sight;
import dev.serinus.router.route.Routers;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * An API server without controllers: nothing becomes ready by itself, so that a test says what is
 * ready when.
 */
public final class PretendCluster implements AutoCloseable {

    public static final String NAMESPACE = "test";
    public static final Kind GATEWAY = GatewayApi.gateway("v1");
    private static final CanaryKey KEY = new CanaryKey("lab", NAMESPACE, "podinfo");

    /** Within which a watch shows what is there, also on a busy machine. */
    private static final Duration SOON = Duration.ofMinutes(1);

    /** How long the router has data planes see a route before pods go. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * A write of the router's.
     *
     * @param object as it was written; null when it was deleted
     * @param at by the clock of the waits for data planes, which passes by those alone
     */
    public record Written(Ref ref, @Nullable ClusterObject object, Instant at) {}

    /** Time that passes while the router waits for data planes, at once. */
    private static final class Waits implements InstantSource {

        private Instant now = Instant.EPOCH;
        private Runnable meanwhile = () -> {};

        @Override
        public synchronized Instant instant() {
            return now;
        }

        void sleep(Duration pause) {
            Runnable doing;
            synchronized (this) {
                now = now.plus(pause);
                doing = meanwhile;
                meanwhile = () -> {};
            }
            doing.run();
        }

        synchronized void meanwhile(Runnable doing) {
            meanwhile = doing;
        }
    }

    /** One for all: what it finds out about a class it keeps, and that costs more than a test. */
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger CHATTER = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        CHATTER.setLevel(Level.WARNING);
    }

    /** Plurals of kinds of which this API server knows nothing. */
    private final Set<String> unserved = ConcurrentHashMap.newKeySet();

    /** Plurals of kinds that may not be read. */
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    /** Fields that the definitions of this API server do not have. */
    private final Set<String> unknownFields = ConcurrentHashMap.newKeySet();

    /** What a webhook makes of what is written. */
    private volatile Consumer<Edit> mutation = _ -> {};

    /** How often it was asked what it would keep; it answers that unless told otherwise. */
    private final AtomicInteger trials = new AtomicInteger();

    private volatile boolean knowsTrials = true;

    /** What this API server takes for no object of its kind, when it is written. */
    private volatile String invalid = "";

    private final KubernetesMockServer server =
            new KubernetesMockServer(
                    new Context(),
                    new MockWebServer(),
                    new HashMap<>(),
                    new KubernetesCrudDispatcher() {
                        @Override
                        public MockResponse dispatch(RecordedRequest request) {
                            if (forbidden.stream().anyMatch(request.getPath()::contains)) {
                                return new MockResponse().setResponseCode(403);
                            }
                            if (unserved.stream().anyMatch(request.getPath()::contains)) {
                                return new MockResponse().setResponseCode(404);
                            }
                            try {
                                return super.dispatch(request);
                            } catch (RuntimeException passed) {
                                // A patch whose tests do not hold; no object is named then.
                                return new MockResponse().setResponseCode(422);
                            }
                        }
                    },
                    false);
    private final KubernetesClient client;
    private final KubernetesCluster cluster;
    private final Canaries canaries;
    private final ActionContext context;
    private final CommandHandler handler;
    private final CanaryLocks locks = new CanaryLocks();
    private volatile Drift drift;
    private final AtomicInteger writes = new AtomicInteger();

    /** What the router wrote or deleted, in that order, and when. */
    private final List<Written> written = new CopyOnWriteArrayList<>();

    /**
     * Held for reading by each write until it is counted, and for writing by who asks what was
     * written: others see an object before the writer has its answer.
     */
    private final ReadWriteLock counting = new ReentrantReadWriteLock();

    private final Waits waits = new Waits();
    private volatile Consumer<Ref> interference = _ -> {};
    private volatile Consumer<Ref> aftermath = _ -> {};
    private final Map<Ref, Sight> behind = new ConcurrentHashMap<>();
    private final Map<Ref, Long> deletions = new ConcurrentHashMap<>();

    public PretendCluster() {
        this(Installation.named("lab"));
    }

    public PretendCluster(Installation installation) {
        this(installation, new Routers(installation));
    }

    /** With meshes of a test's own. */
    public PretendCluster(Installation installation, Routers routers) {
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = server.createClient(builder -> builder.withKubernetesSerialization(JSON));
        cluster = new KubernetesCluster(client);
        var claims = new Claims().settle(installation.cluster(), "kafka");
        canaries = new Canaries(client, installation, claims);
        var remembered = new RememberedCluster(raced(), 1 << 20);
        context =
                ActionContext.of(
                        remembered,
                        installation,
                        routers,
                        claims,
                        // Enough for a watch of a busy machine.
                        Duration.ofSeconds(1),
                        new RecentWrites(PATIENCE, waits, waits::sleep));
        drift = new Drift(client, canaries, context, locks);
        remembered.watchedBy(watched());
        handler =
                new CommandHandler(
                        canaries,
                        context,
                        locks,
                        drift.memory(),
                        new Unsent(),
                        new Topics(KafkaSettings.at("nowhere:9092")).routerResults("lab"));
        canaries.start();
        Awaitility.await().atMost(SOON).until(canaries::hasSynced);
        for (String name : List.of("public", "web", "edge")) {
            addGateway(NAMESPACE, name);
        }
        addGateway("edge", "public");
    }

    /** A Gateway of which no controller says anything. */
    public final PretendCluster addGateway(String namespace, String name) {
        var _ = cluster.create(ClusterObject.blank(GATEWAY.named(namespace, name)));
        return this;
    }

    private RememberedCluster.Watched watched() {
        return new RememberedCluster.Watched() {
            @Override
            public Sight sight(Ref ref) {
                return behind.getOrDefault(ref, drift.sight(ref));
            }

            @Override
            public Optional<List<Ref>> made(Canary canary, Kind kind) {
                return drift.made(canary, kind);
            }

            @Override
            public boolean isWatched(Kind kind) {
                return drift.isWatched(kind);
            }
        };
    }

    public KubernetesClient client() {
        return client;
    }

    public ActionContext context() {
        return context;
    }

    public CommandHandler handler() {
        return handler;
    }

    public Canaries canaries() {
        return canaries;
    }

    public KubernetesCluster objects() {
        return cluster;
    }

    /** Objects that the router has written since the start. */
    public int writes() {
        return counted(writes::get);
    }

    /** What the router wrote or deleted since the start, in that order. */
    public List<Written> written() {
        return counted(() -> List.copyOf(written));
    }

    private <T> T counted(Supplier<T> question) {
        counting.writeLock().lock();
        try {
            return question.get();
        } finally {
            counting.writeLock().unlock();
        }
    }

    /** Somebody does this once, while the router waits for data planes. */
    public void meanwhile(Runnable doing) {
        waits.meanwhile(doing);
    }

    /** An object as it was each time that the router wrote it, in that order. */
    public List<ClusterObject> written(Kind kind, String name) {
        var ref = ref(kind, name);
        return written().stream()
                .filter(it -> it.ref().equals(ref))
                .flatMap(it -> Stream.ofNullable(it.object()))
                .toList();
    }

    /** When the router wrote or deleted an object last, by the clock of its waits. */
    public Instant lastWritten(Kind kind, String name) {
        var ref = ref(kind, name);
        return written().stream()
                .filter(it -> it.ref().equals(ref))
                .map(Written::at)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** What time it is by the clock of the waits for data planes. */
    public Instant now() {
        return waits.instant();
    }

    /** Time passes while the router does nothing. */
    public void pass(Duration time) {
        waits.sleep(time);
    }

    /** When the router deleted an object first, in nanoseconds; empty when it never did. */
    public Optional<Long> deleted(Kind kind, String name) {
        return Optional.ofNullable(deletions.get(ref(kind, name)));
    }

    /** Requests of every kind since the start. */
    public int requests() {
        return server.getRequestCount();
    }

    /** Until the watches show all that the canary has as it is now. */
    public void settle() {
        var known = canaries.get(NAMESPACE, "podinfo").orElseThrow();
        var canary = Objects.requireNonNull(known.inForce());
        List<Ref> refs = new ArrayList<>(context.sides(canary).objects(canary));
        context.routers().find(canary).ifPresent(it -> refs.addAll(it.writes()));
        for (Ref ref : refs) {
            Awaitility.await().atMost(SOON).until(() -> isSeenAsItIs(ref));
        }
    }

    private boolean isSeenAsItIs(Ref ref) {
        var now = cluster.find(ref);
        return now == null
                || drift.sight(ref) instanceof Sight.Whole
                || new Sight.At(now.resourceVersion()).equals(drift.sight(ref));
    }

    /** The watch shows a Deployment as it is now for ever, and was told so long ago. */
    public PretendCluster stopWatching(String deployment, Duration age) {
        return stopWatching(Kind.DEPLOYMENT, deployment, age);
    }

    /** The watch shows an object as it is now for ever, and was told so long ago. */
    public PretendCluster stopWatching(Kind kind, String name, Duration age) {
        var now = get(kind, name);
        behind.put(now.ref(), new Sight.Whole(now, age));
        return this;
    }

    /** The watch shows no Deployment of this name. */
    public PretendCluster showNo(String deployment) {
        behind.put(Kind.DEPLOYMENT.named(NAMESPACE, deployment), new Sight.Absent());
        return this;
    }

    /** The kind is not installed. */
    public PretendCluster without(Kind kind) {
        unserved.add("/" + kind.plural());
        return this;
    }

    /** The router may not read a kind. */
    public PretendCluster forbidding(Kind kind) {
        forbidden.add("/" + kind.plural());
        return this;
    }

    /** Objects that hold this text are refused from now on. */
    public PretendCluster takingForInvalid(String text) {
        invalid = text;
        return this;
    }

    /** Its definitions do not have this field: it is taken away without a word. */
    public PretendCluster withoutField(String field) {
        unknownFields.add(field);
        return this;
    }

    /** Some webhook of it answers no dry run. */
    public PretendCluster withoutTrials() {
        knowsTrials = false;
        return this;
    }

    /** How often the router asked what would be kept of an object. */
    public int trials() {
        return trials.get();
    }

    /** A webhook changes all that is written from now on. */
    public PretendCluster mutating(Consumer<Edit> change) {
        mutation = change;
        return this;
    }

    private ClusterObject known(ClusterObject object) {
        return object.edited(mutation)
                .edited(
                        edit ->
                                unknownFields.forEach(
                                        field ->
                                                edit.spec()
                                                        .findParents(field)
                                                        .forEach(
                                                                it ->
                                                                        ((ObjectNode) it)
                                                                                .remove(field))));
    }

    /** The router as it is after a restart: it knows what is in the cluster now and no more. */
    public RouterResult sendToAnother(RouterCommand.Builder command) {
        var claims = new Claims().settle("lab", "kafka");
        try (var fresh = new Canaries(client, context.installation(), claims)) {
            fresh.start();
            Awaitility.await().atMost(SOON).until(fresh::hasSynced);
            return new CommandHandler(
                            fresh,
                            context,
                            locks,
                            drift.memory(),
                            new Unsent(),
                            new Topics(KafkaSettings.at("nowhere:9092")).routerResults("lab"))
                    .answer(KEY, command.build());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The Canary's status shows this phase, and the router has seen it. */
    public void reach(String phase) {
        edit(
                Kind.CANARY,
                "podinfo",
                it -> it.put("status", JsonNodeFactory.instance.objectNode().put("phase", phase)));
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () ->
                                canaries.get(NAMESPACE, "podinfo")
                                        .map(known -> known.latest().getStatus())
                                        .filter(status -> phase.equals(status.phase()))
                                        .isPresent());
    }

    /** Another router that knows nothing yet of what was done; to be closed by who asked. */
    public Drift anotherDrift() {
        return new Drift(client, canaries, context, locks);
    }

    /**
     * The router is down while this is done; what starts then knows nothing of it, and of what it
     * did before. Repairs nothing before it is told to.
     */
    public PretendCluster restart(Runnable meanwhile) {
        drift.close();
        meanwhile.run();
        long generation = canary().at("/metadata/generation").asLong();
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () ->
                                canaries.get(NAMESPACE, "podinfo")
                                        .map(known -> known.latest().getMetadata())
                                        .filter(it -> it.getGeneration() >= generation)
                                        .isPresent());
        drift = anotherDrift();
        return this;
    }

    /** Repairs what drifts from now on. */
    public PretendCluster withDrift() {
        drift.start();
        return this;
    }

    /** Somebody does this once, just before the router writes the object of this name. */
    public void interfere(String name, Runnable doing) {
        interfere(ref -> ref.name().equals(name), doing);
    }

    /** Somebody does this once, just before the router writes or deletes the first that is so. */
    public void interfere(Predicate<Ref> object, Runnable doing) {
        interference =
                ref -> {
                    if (object.test(ref)) {
                        interference = _ -> {};
                        doing.run();
                    }
                };
    }

    /**
     * Something happens at each write or deletion of the router's from now on.
     *
     * @param before is told what is about to be written, and may throw
     * @param after the same of what was
     */
    public void atEachWrite(Consumer<Ref> before, Consumer<Ref> after) {
        interference = before;
        aftermath = after;
    }

    /** The cluster as the router has it: its writes are counted, and others may be faster. */
    private Cluster raced() {
        return (Cluster)
                Proxy.newProxyInstance(
                        Cluster.class.getClassLoader(),
                        new Class<?>[] {Cluster.class},
                        (_, method, arguments) -> {
                            if (arguments[0] instanceof ClusterObject object) {
                                arguments[0] = known(object);
                            }
                            if (method.getName().equals("tried")) {
                                trials.incrementAndGet();
                                return Optional.of((ClusterObject) arguments[0])
                                        .filter(_ -> knowsTrials);
                            }
                            if (method.getName().equals("refusing")) {
                                return Optional.of(Refusal.invalid("update error: invalid"))
                                        .filter(_ -> knowsTrials && isInvalid(arguments[0]));
                            }
                            if (arguments[0] instanceof ClusterObject object) {
                                if (isInvalid(object)) {
                                    throw Refusal.invalid("update error: invalid");
                                }
                                interference.accept(object.ref());
                            }
                            if (method.getName().equals("delete")
                                    && arguments[0] instanceof Ref ref) {
                                interference.accept(ref);
                                deletions.putIfAbsent(ref, System.nanoTime());
                                written.add(new Written(ref, null, waits.instant()));
                            }
                            try {
                                Object result = invoked(method, arguments);
                                if (arguments[0] instanceof ClusterObject object) {
                                    aftermath.accept(object.ref());
                                } else if (method.getName().equals("delete")) {
                                    aftermath.accept((Ref) arguments[0]);
                                }
                                return result;
                            } catch (InvocationTargetException refused) {
                                throw refused.getCause();
                            }
                        });
    }

    private boolean isInvalid(Object object) {
        return !invalid.isEmpty()
                && object instanceof ClusterObject written
                && written.json().toString().contains(invalid);
    }

    /** Counts what is written before anybody who asks sees the count without it. */
    private Object invoked(Method method, Object[] arguments) throws ReflectiveOperationException {
        if (!(arguments[0] instanceof ClusterObject object)) {
            return method.invoke(cluster, arguments);
        }
        counting.readLock().lock();
        try {
            Object result = method.invoke(cluster, arguments);
            writes.incrementAndGet();
            written.add(new Written(object.ref(), object, waits.instant()));
            return result;
        } finally {
            counting.readLock().unlock();
        }
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
                var kind = kind(object);
                if (kind.isNamespaced() && object.getMetadata().getNamespace() == null) {
                    object.getMetadata().setNamespace(NAMESPACE);
                }
                var all = client.genericKubernetesResources(kind.context());
                var _ =
                        kind.isNamespaced()
                                ? all.inNamespace(object.getMetadata().getNamespace())
                                        .resource(object)
                                        .create()
                                : all.resource(object).create();
                if (object.getKind().equals("Canary")) {
                    awaitSeen(object.getMetadata().getNamespace(), object.getMetadata().getName());
                }
            }
        }
        return this;
    }

    /** A command must not depend on how fast this machine's watches are. */
    private void awaitSeen(String namespace, String name) {
        Awaitility.await().atMost(SOON).until(() -> canaries.get(namespace, name).isPresent());
    }

    private static Kind kind(GenericKubernetesResource object) {
        String version = object.getApiVersion();
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : version.substring(0, slash);
        return new Kind(
                group,
                version.substring(slash + 1),
                object.getKind(),
                plural(object.getKind()),
                !object.getKind().startsWith("Cluster"));
    }

    private static String plural(String kind) {
        return kind.equals("Canary")
                ? "canaries"
                : Meshes.all().stream()
                        .flatMap(it -> Stream.concat(it.reads().stream(), it.writes().stream()))
                        .filter(it -> it.name().equals(kind))
                        .map(Kind::plural)
                        .findFirst()
                        .orElseGet(() -> kind.toLowerCase(Locale.ROOT) + "s");
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

    /** Somebody takes an object away. */
    public void take(Kind kind, String name) {
        cluster.delete(ref(kind, name));
    }

    /** Somebody else changes an object. */
    public void edit(Kind kind, String name, Consumer<Edit> edit) {
        boolean done;
        do {
            done = isEdited(kind, name, edit);
        } while (!done);
    }

    /** False when the router wrote in between, as it may: an edit is one of what is there. */
    private boolean isEdited(Kind kind, String name, Consumer<Edit> edit) {
        try {
            var _ = cluster.replace(get(kind, name).edited(edit));
            return true;
        } catch (Conflict _) {
            return false;
        }
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

    /** Somebody deletes a Canary, and the router has seen it. */
    public void delete(String canary) {
        cluster.delete(ref(Kind.CANARY, canary));
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () ->
                                canaries.get(NAMESPACE, canary)
                                        .map(known -> known.latest().getMetadata())
                                        .filter(meta -> meta.getDeletionTimestamp() == null)
                                        .isEmpty());
    }

    public ClusterObject canary() {
        return get(Kind.CANARY, "podinfo");
    }

    public RouterCommand.Builder command(RouterAction action, long step) {
        return command(action, step, canary());
    }

    /** A command about a Canary that may be gone by now. */
    public RouterCommand.Builder command(RouterAction action, long step, ClusterObject canary) {
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

    /** A command for another Canary of the namespace, once it was seen. */
    public RouterResult sendTo(String canary, RouterCommand.Builder command) {
        awaitSeen(NAMESPACE, canary);
        var key = new CanaryKey("lab", NAMESPACE, canary);
        try {
            return handler.answer(key, command.setCanary(key.toString()).build());
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** As analysis asks: again when the time is over that the answer names. */
    public RouterResult patiently(Supplier<RouterResult> question) {
        var answer = question.get();
        while (answer.getRetryAfterMillis() != null) {
            pass(Duration.ofMillis(answer.getRetryAfterMillis()));
            answer = question.get();
        }
        return answer;
    }

    /** Asks until the answer is not that it takes its time. */
    public RouterResult ask(RouterCommand.Builder command) {
        return patiently(() -> send(command));
    }

    public RouterResult initialize(long step) {
        return send(command(RouterAction.INITIALIZE, step));
    }

    public RouterResult takeOver(long step) {
        return ask(command(RouterAction.TAKE_OVER, step).setTargetRunning(false));
    }

    public RouterResult shift(long step, int weight) {
        return ask(command(RouterAction.SHIFT, step).setCanaryWeight(weight));
    }

    public RouterResult scale(long step, boolean running) {
        return send(command(RouterAction.SCALE, step).setTargetRunning(running));
    }

    public RouterResult promote(long step) {
        String revision = Revision.of(get(Kind.DEPLOYMENT, "podinfo").at("/spec/template"));
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

    /** Tests read the answer itself. */
    private static final class Unsent implements Outbox {
        @Override
        public <V> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
            throw new IllegalStateException("nothing is sent in these tests");
        }
    }

    @Override
    public void close() {
        canaries.close();
        drift.close();
        client.close();
        server.destroy();
    }
}
