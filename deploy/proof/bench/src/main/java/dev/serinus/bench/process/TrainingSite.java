package dev.serinus.bench.process;

import java.nio.file.Path;

/** Where the processes of a training are started, each so that it writes its cache as it ends. */
public interface TrainingSite {

    /**
     * One service, ready.
     *
     * @param name as in {@link SerinusProcesses#SERVICES}
     */
    TrainedProcess service(String name, Broker broker, Path kubeconfig, String metricsServer)
            throws InterruptedException;

    /** All of Serinus in one JVM, with a broker of its own, ready. */
    TrainedProcess allInOne(Path kubeconfig, String metricsServer) throws InterruptedException;
}
