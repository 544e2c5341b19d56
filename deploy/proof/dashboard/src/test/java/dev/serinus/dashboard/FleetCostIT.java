package dev.serinus.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What ten thousand rollouts cost a browser. It prints times, which are no test's to judge. */
@Tag("long")
@Timeout(180)
class FleetCostIT {

    private static final int CANARIES = 10_000;
    private static final int CHANGES_A_SECOND = 50;
    private static final Duration LASTING = Duration.ofSeconds(20);

    /** Notes when the row of the canary that changes shows what was sent, after it was drawn. */
    private static final String WATCH =
            """
            () => {
              window.seen = [];
              let last = '';
              const look = () => {
                const cell = document.querySelector('[data-key="cluster-0/team-0/app-0"] .now');
                const sent = /sent (\\d+)/i.exec(cell?.textContent ?? '')?.[1] ?? '';
                if (sent && sent !== last) {
                  last = sent;
                  setTimeout(() => window.seen.push(Date.now() - Number(sent)));
                }
                requestAnimationFrame(look);
              };
              requestAnimationFrame(look);
            }
            """;

    @Test
    void tenThousandRolloutsStayFluid() throws Exception {
        try (var chromium = Chromium.start();
                var fleet = new ServedFleet(AccessConfig.NONE)) {
            for (int i = 0; i < CANARIES; i++) {
                var canary = canary(i);
                fleet.put(
                        canary,
                        ServedFleet.state(
                                canary,
                                i % 100 == 0
                                        ? "Progressing"
                                        : i % 997 == 0 ? "Failed" : "Succeeded"));
            }
            Page page = chromium.page(new Browser.NewContextOptions().setViewportSize(1360, 900));
            page.navigate(fleet.url() + "/");
            page.locator(".space [role=row]").first().waitFor();
            double rows = number(page, "performance.now()");
            page.waitForFunction(
                    "() => /of 10000|10000"
                            + " rollouts/.test(document.querySelector('.headline').textContent)");
            double all = number(page, "performance.now()");
            double paint =
                    number(
                            page,
                            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
                                    + " ?? 0");
            page.evaluate(WATCH);
            change(fleet);
            List<Double> seen =
                    ((List<?>) page.evaluate("window.seen"))
                            .stream().map(it -> ((Number) it).doubleValue()).sorted().toList();
            double nodes = number(page, "document.querySelectorAll('*').length");
            double heap = number(page, "performance.memory.usedJSHeapSize");

            System.out.printf(
                    "fleet of %,d: first paint %.0f ms, first rows %.0f ms, all known %.0f ms; %.0f"
                        + " nodes, %.0f MB; %d of %d changes a second for %d s seen after p50 %.0f"
                        + " ms, p99 %.0f ms, at most %.0f ms%n",
                    CANARIES,
                    paint,
                    rows,
                    all,
                    nodes,
                    heap / 1e6,
                    seen.size(),
                    CHANGES_A_SECOND,
                    LASTING.toSeconds(),
                    at(seen, 0.5),
                    at(seen, 0.99),
                    seen.getLast());
            assertThat(nodes).as("nodes: only rows in sight are drawn").isLessThan(1_400);
            assertThat(seen).hasSizeGreaterThan(50);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    /** Each fifth change is of the row that is looked at, and has the time at which it was made. */
    private static void change(ServedFleet fleet) throws InterruptedException {
        var random = new Random(1);
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            int[] count = {0};
            var _ =
                    timer.scheduleAtFixedRate(
                            () -> {
                                boolean looked = count[0]++ % 5 == 0;
                                var canary = canary(looked ? 0 : random.nextInt(1, CANARIES));
                                fleet.put(
                                        canary,
                                        ServedFleet.state(canary, looked ? "Failed" : "Progressing")
                                                .setCanaryWeight(looked ? 99 : random.nextInt(50))
                                                .setWaitingFor(
                                                        "sent " + System.currentTimeMillis()));
                            },
                            0,
                            1_000_000 / CHANGES_A_SECOND,
                            TimeUnit.MICROSECONDS);
            boolean _ = timer.awaitTermination(LASTING.toMillis(), TimeUnit.MILLISECONDS);
            timer.shutdownNow();
        }
    }

    private static CanaryKey canary(int number) {
        return new CanaryKey("cluster-" + number % 10, "team-" + number % 200, "app-" + number);
    }

    private static double number(Page page, String script) {
        return ((Number) page.evaluate(script)).doubleValue();
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.floor(share * (sorted.size() - 1)));
    }
}
