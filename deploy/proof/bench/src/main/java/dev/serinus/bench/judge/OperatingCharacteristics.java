package dev.serinus.bench.judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures false alarms and misses of the judges and of Kayenta's default rule on the same samples,
 * and writes {@code judge.md} and {@code judge.svg}. The same arguments write the same files.
 */
public final class OperatingCharacteristics {

    private static final long SEED = 20_250_101;
    private static final List<Integer> SIZES = List.of(10, 30, 50, 100);
    private static final List<Double> SHIFTS = List.of(0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0);
    private static final double[][] RATES = {
        {0.001, 0.001},
        {0.001, 0.003},
        {0.001, 0.005},
        {0.001, 0.01},
        {0, 0.005},
        {0.01, 0.01},
        {0.01, 0.015},
        {0.01, 0.02},
        {0.05, 0.05},
        {0.05, 0.07}
    };

    private OperatingCharacteristics() {}

    /** {@code DIRECTORY [TRIALS]}: where to write, and how many trials for each cell (10000). */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: OperatingCharacteristics DIRECTORY [TRIALS]");
            System.exit(2);
        }
        Path directory = Path.of(arguments[0]);
        int trials = arguments.length == 2 ? Integer.parseInt(arguments[1]) : 10_000;
        Files.createDirectories(directory);
        List<Cell> cells = new ArrayList<>();
        for (Distribution distribution : Distribution.values()) {
            for (int size : SIZES) {
                for (double shift : SHIFTS) {
                    cells.add(Cell.measure(distribution, size, shift, trials, SEED));
                }
            }
        }
        List<Looks> looks = new ArrayList<>();
        for (Distribution distribution : Distribution.values()) {
            looks.add(Looks.measure(distribution, Math.max(1, trials / 10), SEED));
        }
        List<Errors> errors = new ArrayList<>();
        for (double[] rates : RATES) {
            errors.add(Errors.measure(rates[0], rates[1], Math.max(1, trials / 10), SEED));
        }
        String tables = tables(cells, looks, errors, trials);
        Files.writeString(directory.resolve("judge.md"), tables);
        Files.writeString(directory.resolve("judge.svg"), Plot.of(cells));
        System.out.println(tables);
    }

    private static String tables(
            List<Cell> cells, List<Looks> looks, List<Errors> errors, int trials) {
        var text = new StringBuilder();
        text.append(
                """
                # How often the judges fail a canary

                Written by `OperatingCharacteristics` of `deploy/proof/bench`; not edited by hand. After
                `deploy/serinus build bench`, from the root of the repository:

                    java -cp 'deploy/proof/bench/target/bench.jar:deploy/proof/bench/target/lib/*' \\
                        dev.serinus.bench.judge.OperatingCharacteristics analysis-service/docs

                *kayenta* is the classifier of NetflixACAJudge 1.0 at its defaults. Its band of a quarter of
                the estimate makes its 98 %% interval work as a level of about 0.2 %%, so that it is best compared
                with *mann-whitney* at that alpha. All others: alpha 0.01, tolerance 0, either direction. All judge the
                same samples; m = n. *ranks-and-means* is the default of `compare`, which fails by rank or by means, each at
                half of its alpha.

                ![Share of canaries that fail, by shift and number of values](judge.svg)

                ## One look

                %% of %d trials that fail; shift in standard deviations added to the canary. At shift 0 these are
                false alarms, else 100 less the figure is missed. *sequential* says nothing below 30 values.

                """
                        .formatted(trials));
        List<String> rules = Rule.ALL.stream().map(Rule::name).toList();
        text.append("| values | n | shift | ").append(String.join(" | ", rules)).append(" |\n");
        text.append("|---|---|---|").append("---|".repeat(rules.size())).append('\n');
        for (Cell cell : cells) {
            text.append(
                    "| %s | %d | %s |"
                            .formatted(cell.distribution().title, cell.size(), cell.shift()));
            rules.forEach(rule -> text.append(percent(cell.failed().getOrDefault(rule, 0.0))));
            text.append('\n');
        }
        text.append(
                """

                ## Many looks

                %% of %d trials without difference that ever fail when asked at every second value from 30 to %d.

                """
                        .formatted(trials / 10, Looks.LAST));
        text.append("| values | ").append(String.join(" | ", rules)).append(" |\n");
        text.append("|---|").append("---|".repeat(rules.size())).append('\n');
        for (Looks look : looks) {
            text.append("| ").append(look.distribution().title).append(" |");
            rules.forEach(rule -> text.append(percent(look.failed().getOrDefault(rule, 0.0))));
            text.append('\n');
        }
        text.append(
                """

                ## Errors of requests

                %d intervals of %d requests a side, a rise is harm, %% of %d trials. *kayenta* compares the errors of
                each interval, *proportion* the totals at the end, *sequential* the totals after each interval, until it
                ends.

                | errors, primary | canary | kayenta fails | proportion fails | sequential fails | passes | after intervals |
                |---|---|---|---|---|---|---|
                """
                        .formatted(Errors.INTERVALS, Errors.REQUESTS, trials / 10));
        for (Errors one : errors) {
            text.append(
                    "| %s %% | %s %% |%s%s%s%s %s |%n"
                            .formatted(
                                    shown(one.primaryRate()),
                                    shown(one.canaryRate()),
                                    percent(one.kayenta()),
                                    percent(one.proportion()),
                                    percent(one.harmful()),
                                    percent(one.harmless()),
                                    Double.isNaN(one.intervals())
                                            ? "never"
                                            : String.format(Locale.ROOT, "%.0f", one.intervals())));
        }
        return text.toString();
    }

    private static String shown(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.1 ? " %.2f |" : " %.1f |", 100 * share);
    }
}
