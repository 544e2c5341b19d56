package dev.serinus.demo.load;

import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.traffic.ServiceAddress;

import java.nio.file.Path;
import java.util.Map;

/** A load test of the canary at each check: the load tester, the program, and where it is sent. */
public final class LoadTest implements AutoCloseable {

    /** As the manifest has them, where a cluster has names for its Services. */
    private static final String TESTER = "http://flagger-loadtester.demo/";

    private static final String COMMAND = "hey -z 2s -q 15 -c 4 http://podinfo-canary.demo:9898/";

    private final LoadProgram program;
    private final ServiceAddress canary;
    private final LoadTesterProcess tester;

    private LoadTest(LoadProgram program, ServiceAddress canary, LoadTesterProcess tester) {
        this.program = program;
        this.canary = canary;
        this.tester = tester;
    }

    /**
     * Starts what is needed.
     *
     * @param log where the load tester writes
     */
    public static LoadTest start(
            LoadProgram program, Pods pods, String namespace, String app, Path log)
            throws InterruptedException {
        var canary = ServiceAddress.start(pods, namespace, Map.of("app", app));
        try {
            return new LoadTest(program, canary, LoadTesterProcess.start(log));
        } catch (InterruptedException | RuntimeException trouble) {
            canary.close();
            throw trouble;
        }
    }

    /** A manifest with the addresses of here in place of a cluster's names. */
    public String manifest(String yaml) {
        String command = program.command(canary.address()).strip();
        return yaml.replace(TESTER, tester.address().toString())
                .replace(COMMAND, "|-\n" + command.indent(12).stripTrailing());
    }

    /** Where its numbers come from. */
    public LoadProgram program() {
        return program;
    }

    @Override
    public void close() {
        tester.close();
        canary.close();
    }
}
