package dev.serinus.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotType;

import dev.serinus.analysis.access.AccessConfig;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes a picture of each page, light and dark, wide and on a phone, for people to look at. With
 * {@code -Dserinus.docs=write} those of the guide are written anew.
 */
@Tag("long")
@Timeout(300)
class PicturesIT {

    private static final Path PICTURES = Path.of("target", "pictures");
    private static final Path GUIDE = Path.of("..", "..", "guide", "pictures");
    private static final long LARGEST = 100_000;

    private static final Set<String> IN_THE_GUIDE =
            Set.of(
                    "fleet-light-wide",
                    "fleet-light-phone",
                    "rollout-dark-wide",
                    "lanes-dark-wide",
                    "compare-light-wide",
                    "act-light-wide",
                    "gates-dark-phone",
                    "letters-light-wide",
                    "audit-light-wide",
                    "plan-light-wide");

    private static final String MANIFEST =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: podinfo, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 9898}
              analysis:
                interval: 1m
                threshold: 2
                stepWeight: 20
                maxWeight: 60
                metrics:
                - name: request-success-rate
                  thresholdRange: {min: 99}
            """;

    private static final Map<String, String> PAGES =
            Map.of(
                    "audit", "/#/audit",
                    "fleet", "/#/fleet",
                    "rollout", "/#/rollouts/production-eu/shop/checkout",
                    "history", "/#/history?all",
                    "where", "/#/where",
                    "budgets", "/#/budgets",
                    "gates", "/#/gates",
                    "letters", "/#/dead-letters",
                    "letter", "/#/dead-letters/production-eu/0/0",
                    "help", "/#/help");

    @Test
    void eachPageHasItsPicture() throws IOException {
        Files.createDirectories(PICTURES);
        try (var chromium = Chromium.start();
                var fleet = new ServedFleet(AccessConfig.NONE)) {
            fleet.neighbours();
            fleet.checkout();
            fleet.runBefore();
            fleet.turned();
            fleet.alerted();
            fleet.audited();
            fleet.setAside();
            fleet.ruled(Path.of("target"));
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                for (int width : new int[] {1280, 390}) {
                    Page page =
                            chromium.page(
                                    new Browser.NewContextOptions()
                                            .setColorScheme(scheme)
                                            .setViewportSize(width, 860));
                    PAGES.forEach(
                            (name, path) -> {
                                page.navigate(fleet.url() + path);
                                page.locator(
                                                ".space [role=row], main table, main canvas, main"
                                                        + " pre, main section")
                                        .first()
                                        .waitFor();
                                take(page, name, scheme, width);
                            });
                    page.navigate(fleet.url() + "/#/plan");
                    page.locator("textarea").fill(MANIFEST);
                    page.locator("form.manifest button.main").click();
                    page.locator("#planned-title").waitFor();
                    take(page, "plan", scheme, width);
                    page.navigate(fleet.url() + PAGES.get("rollout"));
                    page.locator(".lanes").waitFor();
                    page.evaluate(
                            "document.querySelector('.lanes').scrollIntoView({block: 'center'})");
                    take(page, "lanes", scheme, width);
                    page.locator("select.with").selectOption("6");
                    page.locator(".compared canvas").first().waitFor();
                    page.locator("#compared-title").scrollIntoViewIfNeeded();
                    page.evaluate(
                            "document.getElementById('compared-title').scrollIntoView({block:"
                                    + " 'start'})");
                    take(page, "compare", scheme, width);
                    page.locator(".acts button.danger").click();
                    page.locator("dialog").waitFor();
                    take(page, "act", scheme, width);
                    page.context().close();
                }
            }
        }
        try (var written = Files.list(PICTURES)) {
            assertThat(written).hasSize(4 * (PAGES.size() + 4));
        }
        for (String name : IN_THE_GUIDE) {
            assertThat(GUIDE.resolve(name + ".jpg")).exists();
            assertThat(Files.size(GUIDE.resolve(name + ".jpg"))).isLessThan(LARGEST);
        }
    }

    private static void take(Page page, String name, ColorScheme scheme, int width) {
        String file =
                "%s-%s-%s"
                        .formatted(
                                name,
                                scheme == ColorScheme.LIGHT ? "light" : "dark",
                                width > 800 ? "wide" : "phone");
        byte[] picture =
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setType(ScreenshotType.JPEG)
                                .setQuality(65)
                                .setPath(PICTURES.resolve(file + ".jpg")));
        if (Objects.equals(System.getProperty("serinus.docs"), "write")
                && IN_THE_GUIDE.contains(file)) {
            try {
                Files.createDirectories(GUIDE);
                Files.write(GUIDE.resolve(file + ".jpg"), picture);
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        }
    }
}
