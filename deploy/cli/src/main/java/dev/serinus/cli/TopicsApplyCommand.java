package dev.serinus.cli;

import dev.serinus.cli.access.BrokerAccess;
import dev.serinus.schemas.runtime.KafkaSettings;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Creates the topics that are missing, so that services that may not do so themselves can start,
 * and their rights where that is wanted.
 */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Create the topics of a hub and of these clusters that are missing.",
            "What is there stays as it is, so that it may be done again at any time."
        })
final class TopicsApplyCommand implements Callable<Integer> {

    @Mixin private AccessOptions access = new AccessOptions();

    @Mixin private KafkaOptions broker = new KafkaOptions();

    @Mixin private TopicOptions topics = new TopicOptions();

    @Option(
            names = "--acls",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Add the rights that are missing, too (default: false); none is taken.")
    private boolean acls;

    @Mixin private LogOptions logging = new LogOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        logging.settings(System.getenv()).forEach(System::setProperty);
        List<String> wrong = new ArrayList<>();
        logging.check(System.getenv(), wrong);
        access.check(wrong);
        topics.check(wrong);
        KafkaSettings kafka = broker.settings(System.getenv(), wrong);
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return Termination.guard(() -> apply(Objects.requireNonNull(kafka)));
    }

    private int apply(KafkaSettings kafka) throws InterruptedException {
        var out = spec.commandLine().getOut();
        Kafka.provision(kafka, access.clusters(), topics.partitions(), topics.copies());
        out.printf("The topics of %s are there%n", String.join(", ", access.clusters()));
        if (acls) {
            var table = access.table();
            int added = KafkaOptions.ask(kafka, admin -> BrokerAccess.add(admin, table));
            out.printf(
                    "The rights of %d accounts are there: %d were missing%n",
                    table.grants().stream().map(grant -> grant.account()).distinct().count(),
                    added);
        }
        out.flush();
        return 0;
    }
}
