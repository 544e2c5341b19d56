package dev.serinus.testbed.binaries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Builds the programs with Go and takes the definitions out of their modules. */
public final class Build {

    /** How, as far as it decides the result. */
    static final String RECIPE = "-trimpath -s -w 1";

    /** Files with definitions by module. */
    private static final Map<String, List<String>> DEFINITIONS =
            Map.of(
                    "sigs.k8s.io/gateway-api",
                    List.of(
                            "config/crd/standard/gateway.networking.k8s.io_gateways.yaml",
                            "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml",
                            "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"),
                    "istio.io/api",
                    List.of("kubernetes/customresourcedefinitions.gen.yaml"),
                    "github.com/kedacore/keda/v2",
                    List.of("config/crd/bases/keda.sh_scaledobjects.yaml"),
                    "github.com/projectcontour/contour",
                    List.of("examples/contour/01-crds.yaml"));

    private final Consumer<String> tell;

    private Build(Consumer<String> tell) {
        this.tell = tell;
    }

    /**
     * Returns what was built before, else builds it, which takes minutes; whoever comes meanwhile
     * waits.
     *
     * @param tell hears what is going on
     * @throws Unbuildable with a reason for people
     */
    public static Binaries run(Consumer<String> tell) {
        return Binaries.find().orElseGet(() -> new Build(tell).missing());
    }

    private Binaries missing() {
        Go go = Go.need(GoModule.KUBERNETES.go());
        return new Binaries(Binaries.CACHED.build((work, result) -> make(go, work, result)));
    }

    private void make(Go go, Path work, Path result) throws IOException {
        kubernetes(go, work, result);
        others(go, work, result);
        definitions(go, work, Files.createDirectory(result.resolve("crds")));
    }

    private void kubernetes(Go go, Path work, Path result) throws IOException {
        String version = GoModule.KUBERNETES.version("k8s.io/kubernetes");
        tell.accept("building Kubernetes " + version + " ...");
        go.run(
                GoModule.KUBERNETES.unpack(work),
                ProcessBuilder.Redirect.DISCARD,
                "build",
                "-trimpath",
                "-o",
                result + "/",
                "-ldflags",
                "-s -w -X k8s.io/component-base/version.gitVersion=" + version,
                "k8s.io/kubernetes/cmd/kube-apiserver",
                "k8s.io/kubernetes/cmd/kube-controller-manager",
                "k8s.io/kubernetes/cmd/kube-scheduler");
    }

    private void others(Go go, Path work, Path result) throws IOException {
        Path module = GoModule.ETCD_KWOK.unpack(work);
        for (var program :
                Map.of(
                                "etcd", "go.etcd.io/etcd/server/v3",
                                "kwok", "sigs.k8s.io/kwok/cmd/kwok")
                        .entrySet()) {
            tell.accept("building " + program.getKey() + " ...");
            go.run(
                    module,
                    ProcessBuilder.Redirect.DISCARD,
                    "build",
                    "-trimpath",
                    "-o",
                    result.resolve(program.getKey()).toString(),
                    "-ldflags",
                    "-s -w",
                    program.getValue());
        }
    }

    private void definitions(Go go, Path work, Path result) throws IOException {
        Path module = GoModule.CRDS.unpack(work);
        for (var source : DEFINITIONS.entrySet()) {
            tell.accept("fetching the definitions of " + source.getKey() + " ...");
            go.take(module, source.getKey(), source.getValue(), result);
        }
    }
}
