package dev.serinus.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window. Where there is none, whoever asks is skipped. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Path program) {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program)
                                        // Its sandbox needs rights that a container has not; it
                                        // opens nothing but what the tests serve.
                                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    static Chromium start() {
        Optional<Path> program = find();
        assumeTrue(
                program.isPresent(),
                "no Chromium on the PATH: the tests of the dashboard in a browser are skipped"
                        + " (Debian: apt-get install chromium)");
        return new Chromium(program.orElseThrow());
    }

    private static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return NAMES.stream()
                .flatMap(
                        name ->
                                Stream.of(path.split(File.pathSeparator, -1))
                                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A page with nothing remembered, whose complaints are kept. */
    Page page(Browser.NewContextOptions options) {
        BrowserContext context =
                browser.newContext(options.setLocale("en-GB").setTimezoneId("Europe/Berlin"));
        context.setDefaultTimeout(10_000);
        Page page = context.newPage();
        page.onConsoleMessage(
                message -> {
                    // What was answered with an error, or not at all, the browser tells by itself.
                    boolean ofNetwork = message.text().startsWith("Failed to load resource");
                    if (!ofNetwork && List.of("error", "warning").contains(message.type())) {
                        complaints.add(message.text());
                    }
                });
        page.onPageError(complaints::add);
        return page;
    }

    /** What pages complained of: mistakes of scripts, and whatever the policy refused. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
