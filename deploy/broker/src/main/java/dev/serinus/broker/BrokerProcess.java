package dev.serinus.broker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs the broker as a process of its own until it is told to end. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /**
     * Takes the data directory and the port; prints the address on standard output once it serves.
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2 || !arguments[1].matches("\\d{1,5}")) {
            System.err.println("usage: java -jar embedded-broker.jar DATA-DIRECTORY PORT");
            System.exit(64);
        }
        // Kafka tells its whole configuration at level INFO. Set before anything logs.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty(
                    "logback.configurationFile", "dev/serinus/broker/process-logback.xml");
        }
        var broker = EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        System.out.println(broker.bootstrapServers());
        new CountDownLatch(1).await(); // until the signal
    }
}
