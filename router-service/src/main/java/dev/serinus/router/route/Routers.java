package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.alb.AlbRouter;
import dev.serinus.router.route.apisix.ApisixRouter;
import dev.serinus.router.route.appmesh.AppMeshV1Beta1Router;
import dev.serinus.router.route.appmesh.AppMeshV1Beta2Router;
import dev.serinus.router.route.contour.ContourRouter;
import dev.serinus.router.route.emissary.EmissaryRouter;
import dev.serinus.router.route.gatewayapi.GatewayApiRouter;
import dev.serinus.router.route.gatewayapi.UserRoutesRouter;
import dev.serinus.router.route.gloo.GlooRouter;
import dev.serinus.router.route.istio.IstioRouter;
import dev.serinus.router.route.knative.KnativeRouter;
import dev.serinus.router.route.kuma.KumaRouter;
import dev.serinus.router.route.nginx.NginxRouter;
import dev.serinus.router.route.none.NoRouter;
import dev.serinus.router.route.none.ReplicasRouter;
import dev.serinus.router.route.skipper.SkipperRouter;
import dev.serinus.router.route.smi.SmiRouter;
import dev.serinus.router.route.traefik.TraefikRouter;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Linkerd;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.mesh.Osm;
import dev.serinus.schemas.mesh.Smi;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the router for a Canary: spec.provider, else the installation's. */
public final class Routers {

    /** A line for each mesh that is served, or for each way of it. */
    public static List<Router> all(IngressNames names) {
        return List.of(
                new IstioRouter(),
                new GatewayApiRouter(GatewayApi.V1),
                new UserRoutesRouter(GatewayApi.V1),
                new GatewayApiRouter(GatewayApi.V1BETA1),
                new UserRoutesRouter(GatewayApi.V1BETA1),
                new ContourRouter(names.ingressClass()),
                new GlooRouter(),
                new TraefikRouter(),
                new SmiRouter(Linkerd.MESH),
                new SmiRouter(Smi.V1ALPHA1),
                new SmiRouter(Smi.V1ALPHA2),
                new SmiRouter(Smi.V1ALPHA3),
                new SmiRouter(Osm.MESH),
                new NginxRouter(names),
                new SkipperRouter(),
                new ApisixRouter(),
                new EmissaryRouter(),
                new AlbRouter(),
                new AppMeshV1Beta1Router(),
                new AppMeshV1Beta2Router(),
                new KumaRouter(),
                new KnativeRouter(),
                new NoRouter(),
                new ReplicasRouter());
    }

    /** The same for an installation that names nothing of its own. */
    public static final List<Router> ALL = all(IngressNames.DEFAULTS);

    private final String meshProvider;
    private final List<Router> routers;
    private final List<Mesh> meshes;

    /** Those that make, or take over, objects of a kind. */
    private final Map<Kind, List<Router>> writing = new HashMap<>();

    private final Set<Kind> leading = new HashSet<>();

    public Routers(Installation installation) {
        this(installation.meshProvider(), all(installation.ingress()));
    }

    /** With other meshes than those that are served. */
    public Routers(String meshProvider, List<Router> routers) {
        this.meshProvider = meshProvider;
        this.routers = List.copyOf(routers);
        this.meshes = routers.stream().map(Router::mesh).distinct().toList();
        for (Router router : routers) {
            leading.addAll(router.mesh().writes());
            leading.addAll(router.mesh().steers());
            for (Kind kind : router.mesh().writes()) {
                writing.computeIfAbsent(kind, _ -> new ArrayList<>()).add(router);
            }
        }
    }

    /** True for kinds of objects that say where requests go on some mesh; asked for each event. */
    public boolean lead(Kind kind) {
        return leading.contains(kind);
    }

    /** The route of a Canary. A mesh that this version cannot steer is refused. */
    public CanaryRoute of(Canary canary) {
        return find(canary)
                .orElseThrow(
                        () ->
                                Refusal.invalid(
                                        "provider %s is not supported by this version; use one of %s"
                                                .formatted(
                                                        provider(canary),
                                                        routers.stream()
                                                                .map(it -> it.mesh().provider())
                                                                .distinct()
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    /** The route of a Canary; empty when this version cannot steer its mesh. */
    public Optional<CanaryRoute> find(Canary canary) {
        var mesh = mesh(provider(canary));
        return routers.stream()
                .filter(router -> router.serves(canary, mesh))
                .map(router -> new CanaryRoute(router, canary))
                .findFirst();
    }

    /**
     * On a Canary the providers that it has had, with commas between: of each there may be a route
     * still, which nobody would look for once another one is asked for.
     */
    public static final String PROVIDERS = ClusterObject.OURS + "providers";

    /**
     * The providers that a Canary has had and has.
     *
     * @param noted what it says of those it has had; null when it says nothing
     */
    public String providers(Canary canary, @Nullable String noted) {
        var all = new LinkedHashSet<>(listed(noted));
        if (canary.getSpec() != null) {
            find(canary).ifPresent(it -> all.add(it.router().mesh().provider()));
        }
        return String.join(",", all);
    }

    /** True when it says of itself all the providers that it has had and has. */
    public boolean isNoted(Canary canary, ObjectMeta seen) {
        String noted = noted(seen);
        return providers(canary, noted).equals(noted == null ? "" : noted);
    }

    /** Kinds among which are objects that a Canary may have had in hand before. */
    public Set<Kind> searched(Canary canary) {
        Set<Kind> kinds = new LinkedHashSet<>();
        find(canary).ifPresent(it -> kinds.addAll(it.noted()));
        var former = new ArrayList<>(listed(noted(canary.getMetadata())));
        find(canary).ifPresent(it -> former.remove(it.router().mesh().provider()));
        for (Router router : routers) {
            if (former.contains(router.mesh().provider())) {
                kinds.addAll(router.mesh().writes());
                kinds.addAll(router.noted());
            }
        }
        return kinds;
    }

    private static @Nullable String noted(ObjectMeta seen) {
        return seen.getAnnotations() == null ? null : seen.getAnnotations().get(PROVIDERS);
    }

    private static List<String> listed(@Nullable String noted) {
        return noted == null
                ? List.of()
                : Arrays.stream(noted.split(","))
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .toList();
    }

    /** Those of all meshes that are served. */
    public List<Router> all() {
        return routers;
    }

    private Mesh mesh(String provider) {
        return Meshes.find(provider, meshes).orElseGet(() -> Meshes.of(provider));
    }

    /** The split that an object shows, if it is a route of any mesh. */
    public Optional<Split> shown(ClusterObject object) {
        return writing.getOrDefault(object.ref().kind(), List.of()).stream()
                .flatMap(router -> router.shown(object).stream())
                .findFirst();
    }

    private String provider(Canary canary) {
        String own = canary.getSpec().provider();
        return own == null || own.isEmpty() ? meshProvider : own;
    }
}
