package dev.serinus.analysis.dashboard;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/**
 * Serves the dashboard. Its files tell nothing of the fleet, and are open to everybody; what they
 * show comes from the API, with the login of whoever looks.
 */
@Controller
@Requires(property = "serinus.service", value = "analysis")
final class DashboardController {

    private final Assets assets = new Assets();

    /**
     * Nothing but what is served here is loaded or asked, nothing that is written in a page is run
     * but the list of modules, nothing that users wrote becomes HTML, and no other page may show
     * this one.
     */
    private final String policy =
            String.join(
                    "; ",
                    "default-src 'none'",
                    "script-src 'self' '%s'".formatted(assets.importsHash()),
                    "style-src 'self'",
                    "img-src 'self'",
                    "connect-src 'self'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'",
                    "trusted-types lit-html");

    /** The page. */
    @Get("/")
    @Produces(MediaType.ALL)
    HttpResponse<String> page(HttpRequest<?> request) {
        return answer(request, assets.page())
                .header("Content-Security-Policy", policy)
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("X-Frame-Options", "DENY");
    }

    /** What the page loads. */
    @Get("/dashboard/{+path}")
    @Produces(MediaType.ALL)
    HttpResponse<String> file(HttpRequest<?> request, String path) {
        return assets.find(path)
                .map(asset -> answer(request, asset))
                .orElseGet(
                        () ->
                                HttpResponse.<String>status(HttpStatus.NOT_FOUND)
                                        .contentType(MediaType.TEXT_PLAIN_TYPE)
                                        .header("X-Content-Type-Options", "nosniff")
                                        .body("no file of the dashboard"));
    }

    private static MutableHttpResponse<String> answer(HttpRequest<?> request, Asset asset) {
        boolean known = asset.tag().equals(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH));
        MutableHttpResponse<String> answer =
                known
                        ? HttpResponse.notModified()
                        : HttpResponse.ok(asset.text()).contentType(MediaType.of(asset.type()));
        return answer.header(HttpHeaders.ETAG, asset.tag())
                .header(
                        HttpHeaders.CACHE_CONTROL,
                        asset.lasts() ? "public, max-age=31536000, immutable" : "no-cache")
                .header("X-Content-Type-Options", "nosniff")
                .header("Cross-Origin-Resource-Policy", "same-origin");
    }
}
