package dev.serinus.cli.hub;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** Says where the dashboard is, for the whole fleet or one rollout, and opens it. */
@Command(
        name = "dashboard",
        description = "Say where the dashboard is, of all rollouts or of one, and open it.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class DashboardCommand implements Callable<Integer> {

    @Mixin private HubOptions options = new HubOptions();

    @Option(names = "--open", description = "Open it in this machine's browser.")
    private boolean open;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME of the rollout to show;"
                            + " without it the fleet.")
    private @Nullable String name;

    @Override
    public Integer call() throws InterruptedException {
        return options.work(this::show);
    }

    private int show(Hub hub) throws HubTrouble {
        // Where one has to log in, the page asks for it.
        var answer = hub.get("/api/v1/rollouts", Map.of("limit", "1"));
        if (answer.status() != 200 && answer.status() != 401) {
            throw answer.trouble();
        }
        String address = hub.address() + "/" + place(hub);
        options.out().println(address);
        if (open) {
            open(address);
        }
        return ExitCodes.AS_WISHED;
    }

    private String place(Hub hub) throws HubTrouble {
        if (name == null) {
            return "";
        }
        var named = options.named(hub, name);
        return "#/rollouts/%s/%s/%s"
                .formatted(
                        Hub.encoded(named.cluster()),
                        Hub.encoded(named.namespace()),
                        Hub.encoded(named.name()));
    }

    private static void open(String address) throws HubTrouble {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String program = system.contains("mac") ? "open" : "xdg-open";
        try {
            new ProcessBuilder(List.of(program, address))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException notThere) {
            throw new HubTrouble(
                    ExitCodes.NO,
                    "%s is not there to open it with: open the address yourself"
                            .formatted(program));
        }
    }
}
