package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.binaries.Istiod;
import dev.serinus.dataplane.binaries.Programs;
import dev.serinus.dataplane.binaries.ProgramsBuild;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.User;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A proxy. */
public enum Plane {
    /** As it is installed by default: it looks at what changed at most once in two seconds. */
    TRAEFIK("traefik.io/gateway-controller", 18_080, List.of(Api.GATEWAYAPI, Api.TRAEFIKSERVICE)) {
        @Override
        List<ProxyProcess> processes(
                Api api, String gateways, Programs programs, ControlPlane bed, Path directory) {
            return List.of(
                    ProxyProcess.start(
                            "traefik",
                            List.of(
                                    programs.program("traefik").toString(),
                                    api == Api.GATEWAYAPI
                                            ? "--providers.kubernetesgateway"
                                            : "--providers.kubernetescrd",
                                    "--entrypoints.web.address=127.0.0.1:" + PORT,
                                    "--entrypoints.traefik.address=127.0.0.1:" + ADMIN_PORT,
                                    "--api.insecure",
                                    "--global.checknewversion=false",
                                    "--global.sendanonymoususage=false",
                                    "--log.level=INFO"),
                            Map.of("KUBECONFIG", bed.kubeconfig(User.ADMIN).toString()),
                            directory));
        }

        @Override
        Admin admin() {
            return new TraefikApi(AdminClient.on(ADMIN_PORT));
        }
    },
    /**
     * With the real Envoy, which it tells of each change at once. Envoy listens 8000 above what the
     * Gateway says.
     */
    CONTOUR(
            "projectcontour.io/gateway-controller",
            10_080,
            List.of(Api.GATEWAYAPI, Api.HTTPPROXY)) {
        @Override
        List<ProxyProcess> processes(
                Api api, String gateways, Programs programs, ControlPlane bed, Path directory) {
            return new ContourWithEnvoy(PORT, ADMIN_PORT)
                    .start(api, gateways, programs, bed.kubeconfig(User.ADMIN), directory);
        }

        @Override
        Admin admin() {
            return new EnvoyAdmin(AdminClient.on(ADMIN_PORT), EnvoyAdmin.OF_CONTOUR);
        }
    },
    /** istiod with the real Envoy as a gateway, without the filters that only Istio's own has. */
    ISTIO("istio.io/gateway-controller", 18_080, List.of(Api.ISTIO, Api.GATEWAYAPI)) {
        @Override
        List<ProxyProcess> processes(
                Api api, String gateways, Programs programs, ControlPlane bed, Path directory) {
            return new IstioGateway(gateways, ADMIN_PORT)
                    .start(api, istiod().program(), programs.program("envoy"), bed, directory);
        }

        private Istiod istiod() {
            return Istiod.find().orElseThrow(() -> new Unavailable(missing().orElseThrow()));
        }

        @Override
        Admin admin() {
            return new EnvoyAdmin(AdminClient.on(ADMIN_PORT), EnvoyAdmin.OF_ISTIO);
        }

        @Override
        public Path definitions(Programs programs) {
            return istiod().definitions();
        }

        @Override
        public Optional<String> besideGateway() {
            return Optional.of("istio/service.yaml");
        }

        @Override
        public Optional<String> admission() {
            return Optional.of("istio/admission.yaml");
        }

        @Override
        public Optional<String> missing() {
            return super.missing()
                    .or(
                            () ->
                                    Istiod.find().isPresent()
                                            ? Optional.empty()
                                            : Optional.of(
                                                    "istiod is not in %s: deploy/serinus dataplane build makes it"
                                                            .formatted(Istiod.place())));
        }

        @Override
        public List<Path> places() {
            return List.of(Programs.place(), Istiod.place());
        }

        @Override
        public Programs build(Consumer<String> tell) {
            var programs = super.build(tell);
            var _ = Istiod.build(tell);
            return programs;
        }
    };

    /** In a network namespace of its own every port is free. */
    private static final int PORT = 18080;

    private static final int ADMIN_PORT = 9001;

    private final String controller;
    private final int listener;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<Api> apis;

    Plane(String controller, int listener, List<Api> apis) {
        this.controller = controller;
        this.listener = listener;
        this.apis = apis;
    }

    /** By what it can be told, first what it is told by where nobody says so. */
    public List<Api> apis() {
        return apis;
    }

    /** Which of its programs are not there, and what makes them; empty when all are. */
    public Optional<String> missing() {
        return Programs.find().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the proxies are not in %s: deploy/serinus dataplane build makes them"
                                .formatted(Programs.place()));
    }

    /** The folders of its programs, once they are built. */
    public List<Path> places() {
        return List.of(Programs.place());
    }

    /** Its programs, built if they are not there, which takes minutes. */
    public Programs build(Consumer<String> tell) {
        return ProgramsBuild.run(tell);
    }

    /** The folder of the resource definitions that it watches beside those of the test bed. */
    public Path definitions(Programs programs) {
        return programs.definitions(id());
    }

    /** A manifest without which it does not serve a Gateway of Gateway API. */
    public Optional<String> besideGateway() {
        return Optional.empty();
    }

    /** A manifest by which it is asked before anything that it reads is written, once it runs. */
    public Optional<String> admission() {
        return Optional.empty();
    }

    abstract List<ProxyProcess> processes(
            Api api, String gateways, Programs programs, ControlPlane bed, Path directory);

    /** Its name in lower case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Admin admin();

    /** Looks at what it has taken over, from now on; whoever does so closes what comes back. */
    public ProxyView view() {
        return ProxyView.of(admin());
    }

    /**
     * The values of the gateway's manifests.
     *
     * @param namespace of the gateway
     */
    public Map<String, String> gateway(String namespace) {
        return Map.of(
                "CLASS",
                id(),
                "CONTROLLER",
                controller,
                "PORT",
                "" + listener,
                "NAMESPACE",
                namespace);
    }

    /** Where it serves. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + PORT + "/");
    }

    /**
     * Starts it; whoever does so closes what comes back.
     *
     * @param gateways the namespace of its Gateway
     */
    public AutoCloseable start(
            Api api, String gateways, Programs programs, ControlPlane bed, Path directory) {
        List<ProxyProcess> running =
                new ArrayList<>(processes(api, gateways, programs, bed, directory));
        return () -> running.reversed().forEach(ProxyProcess::close);
    }
}
