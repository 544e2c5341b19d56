package dev.serinus.cli;

import dev.serinus.cli.access.BrokerAccess;
import dev.serinus.cli.access.TopicDifference;
import dev.serinus.schemas.runtime.KafkaSettings;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** Says what is otherwise on a broker than {@code topics apply} would make it. */
@Command(
        name = "diff",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Say what is otherwise on a broker than topics apply would make it: topics, their"
                        + " partitions, retention and limits, and who may do what. Writes nothing.",
        footer = {
            "",
            "Ends with 0 when nothing differs, with 1 otherwise, and with 2 where it"
                    + " could not be told."
        })
final class TopicsDiffCommand implements Callable<Integer> {

    @Mixin private AccessOptions access = new AccessOptions();

    @Mixin private KafkaOptions broker = new KafkaOptions();

    @Mixin private TopicOptions topics = new TopicOptions();

    @Option(
            names = "--acls",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Compare rights, too (default: true).")
    private boolean acls = true;

    @Option(
            names = "--trusted",
            paramLabel = "PRINCIPAL",
            description =
                    "Principals that may do more, such as an administrator's User:admin; may be"
                            + " given several times.")
    private List<String> trusted = List.of();

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
        return Termination.guard(() -> tell(differences(Objects.requireNonNull(kafka))));
    }

    private List<String> differences(KafkaSettings kafka) throws InterruptedException {
        return KafkaOptions.ask(
                kafka,
                admin -> {
                    List<String> all =
                            new ArrayList<>(
                                    TopicDifference.of(
                                            admin, access.clusters(), topics.partitions()));
                    if (acls) {
                        all.addAll(
                                BrokerAccess.difference(
                                        admin, access.table(), Set.copyOf(trusted)));
                    }
                    return all;
                });
    }

    private int tell(List<String> differences) {
        var out = spec.commandLine().getOut();
        differences.forEach(out::println);
        out.println(
                differences.isEmpty()
                        ? "nothing differs"
                        : differences.size()
                                + " differences: topics apply --acls makes what is missing;"
                                + " settings and rights that are there are changed by Kafka's own"
                                + " commands");
        out.flush();
        return differences.isEmpty() ? 0 : 1;
    }
}
