package dev.serinus.testbed;

import dev.serinus.testbed.binaries.Binaries;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The five processes and their flags. */
record ControlPlaneProcesses(
        ControlPlaneProcess etcd,
        ControlPlaneProcess apiServer,
        ControlPlaneProcess controllers,
        ControlPlaneProcess scheduler,
        ControlPlaneProcess kwok) {

    static ControlPlaneProcesses of(ControlPlaneDirectory place, Binaries binaries) {
        return new ControlPlaneProcesses(
                etcd(place, binaries),
                apiServer(place, binaries),
                controllers(place, binaries),
                scheduler(place, binaries),
                kwok(place, binaries));
    }

    /** In the order in which they are started. */
    List<ControlPlaneProcess> all() {
        return List.of(etcd, apiServer, controllers, scheduler, kwok);
    }

    private static ControlPlaneProcess etcd(ControlPlaneDirectory place, Binaries binaries) {
        String client = "http://127.0.0.1:" + place.etcdPort();
        String peer = "http://127.0.0.1:" + place.etcdPeerPort();
        return new ControlPlaneProcess(
                "etcd",
                place,
                command(
                        binaries,
                        "etcd",
                        "--data-dir=" + place.etcdData(),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        // What survives a power cut is nobody's concern here.
                        "--unsafe-no-fsync",
                        "--log-level=error"),
                URI.create(client + "/health"));
    }

    private static ControlPlaneProcess apiServer(ControlPlaneDirectory place, Binaries binaries) {
        return new ControlPlaneProcess(
                "kube-apiserver",
                place,
                command(
                        binaries,
                        "kube-apiserver",
                        "--etcd-servers=http://127.0.0.1:" + place.etcdPort(),
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + place.port(),
                        // Without it the server looks for an address of this machine, and a machine
                        // without a network has none.
                        "--advertise-address=127.0.0.1",
                        "--endpoint-reconciler-type=none",
                        "--cert-dir=" + place.pki(),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + place.serviceAccountKey(),
                        "--service-account-signing-key-file=" + place.serviceAccountKey(),
                        "--token-auth-file=" + place.tokens(),
                        "--authorization-mode=RBAC",
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--allow-privileged",
                        "--audit-policy-file=" + place.auditPolicy(),
                        "--audit-log-path=" + place.auditLog(),
                        // A request is in the log before its answer leaves, so that tests may read
                        // it.
                        "--audit-log-mode=blocking",
                        // As strict as OpenShift: an owner's finalizers are not everybody's.
                        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
                        "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
                        "--max-requests-inflight=2000",
                        "--max-mutating-requests-inflight=1000",
                        "--enable-priority-and-fairness=false"),
                URI.create(place.server() + "/readyz"));
    }

    private static ControlPlaneProcess controllers(ControlPlaneDirectory place, Binaries binaries) {
        return new ControlPlaneProcess(
                "kube-controller-manager",
                place,
                command(
                        binaries,
                        "kube-controller-manager",
                        "--kubeconfig=" + place.kubeconfig(User.CONTROLLERS),
                        "--service-account-private-key-file=" + place.serviceAccountKey(),
                        "--leader-elect=false",
                        // Nodes are pretended, and there is nothing that an autoscaler could
                        // measure.
                        "--controllers=*,-nodelifecycle,-horizontal-pod-autoscaler-controller",
                        "--kube-api-qps=500",
                        "--kube-api-burst=1000",
                        "--concurrent-deployment-syncs=20",
                        "--concurrent-replicaset-syncs=20",
                        "--concurrent-endpoint-syncs=20",
                        "--concurrent-service-endpoint-syncs=20",
                        "--cert-dir=" + place.pki(),
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + place.controllersPort()),
                URI.create("https://127.0.0.1:" + place.controllersPort() + "/healthz"));
    }

    private static ControlPlaneProcess scheduler(ControlPlaneDirectory place, Binaries binaries) {
        return new ControlPlaneProcess(
                "kube-scheduler",
                place,
                command(
                        binaries,
                        "kube-scheduler",
                        "--kubeconfig=" + place.kubeconfig(User.SCHEDULER),
                        "--leader-elect=false",
                        "--kube-api-qps=500",
                        "--kube-api-burst=1000",
                        "--cert-dir=" + place.pki(),
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + place.schedulerPort()),
                URI.create("https://127.0.0.1:" + place.schedulerPort() + "/healthz"));
    }

    private static ControlPlaneProcess kwok(ControlPlaneDirectory place, Binaries binaries) {
        return new ControlPlaneProcess(
                "kwok",
                place,
                command(
                        binaries,
                        "kwok",
                        "--kubeconfig=" + place.kubeconfig(User.KWOK),
                        "--manage-all-nodes",
                        "--config=" + place.stages(),
                        "--server-address=127.0.0.1:" + place.kwokPort()),
                URI.create("http://127.0.0.1:" + place.kwokPort() + "/healthz"));
    }

    private static List<String> command(Binaries binaries, String program, String... flags) {
        List<String> command = new ArrayList<>(List.of(binaries.program(program).toString()));
        command.addAll(List.of(flags));
        return command;
    }
}
