package dev.serinus.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

import dev.serinus.analysis.access.AccessConfig;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes a picture of each page, light and dark, wide and on a phone, for people to look at. */
@Tag("long")
@Timeout(180)
class PicturesIT {

    private static final Path PICTURES = Path.of("target", "pictures");

    @Test
    void eachPageHasItsPicture() throws IOException {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("fleet", "/#/fleet");
        pages.put("rollout", "/#/rollouts/production-eu/shop/checkout");
        pages.put("history", "/#/history?all");
        pages.put("where", "/#/where");
        Files.createDirectories(PICTURES);
        try (var chromium = Chromium.start();
                var fleet = new ServedFleet(AccessConfig.NONE)) {
            fleet.neighbours();
            fleet.checkout();
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                for (int width : new int[] {1280, 390}) {
                    Page page =
                            chromium.page(
                                    new Browser.NewContextOptions()
                                            .setColorScheme(scheme)
                                            .setViewportSize(width, 860));
                    pages.forEach(
                            (name, path) -> {
                                page.navigate(fleet.url() + path);
                                page.locator(".space [role=row], main table, main canvas")
                                        .first()
                                        .waitFor();
                                take(page, name, scheme, width);
                            });
                    page.navigate(fleet.url() + pages.get("rollout"));
                    page.locator(".acts button.danger").click();
                    page.locator("dialog").waitFor();
                    take(page, "act", scheme, width);
                    page.context().close();
                }
            }
        }
        try (var written = Files.list(PICTURES)) {
            assertThat(written).hasSize(20);
        }
    }

    private static void take(Page page, String name, ColorScheme scheme, int width) {
        String file =
                "%s-%s-%s.png"
                        .formatted(
                                name,
                                scheme == ColorScheme.LIGHT ? "light" : "dark",
                                width > 800 ? "wide" : "phone");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(file)));
    }
}
