package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Redaction;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the query API of Prometheus, or of anything that speaks it. A query is sent with every run
 * of white space collapsed to one space, as Flagger sends it.
 */
final class Prometheus implements MetricsProvider {

    static final ProviderType TYPE = new ProviderType("prometheus", Prometheus::setUp);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ProviderHttp.Request request;
    private final Redaction redaction;
    private final ProviderHttp http;

    private Prometheus(ProviderHttp.Request request, Redaction redaction, ProviderHttp http) {
        this.request = request;
        this.redaction = redaction;
        this.http = http;
    }

    private static ProviderSetup setUp(ProviderContext context) {
        var settings = context.settings();
        String written = settings.address();
        if (written == null || written.isEmpty()) {
            return new ProviderSetup.Wrong("prometheus endpoint is not set");
        }
        try {
            var parsed = Addresses.parse(written);
            if (parsed.isEmpty()) {
                return new ProviderSetup.Wrong("prometheus endpoint is no URL with a host");
            }
            URI given = parsed.get();
            List<String> hidden = new ArrayList<>();
            Map<String, List<String>> headers = new LinkedHashMap<>(settings.headers());
            String userInfo = given.getUserInfo();
            if (userInfo != null) {
                hidden.add(given.getRawUserInfo());
                hidden.addAll(List.of(userInfo.split(":")));
                authorize(headers, basic(userInfo));
            }
            if (settings.hasSecret()) {
                var authorization = authorization(settings);
                if (authorization == null) {
                    return new ProviderSetup.Wrong(
                            "prometheus credentials does not contain a token, or a username and a"
                                    + " password");
                }
                authorize(headers, authorization);
            }
            URI query =
                    new URI(
                            given.getScheme(),
                            null,
                            given.getHost(),
                            given.getPort(),
                            joined(given.getPath()),
                            null,
                            null);
            return new ProviderSetup.Ready(
                    new Prometheus(
                            ProviderHttp.Request.get(
                                    query, headers, !settings.insecureSkipVerify(), LIMIT),
                            settings.redaction(query, hidden),
                            context.http()));
        } catch (URISyntaxException _) {
            return new ProviderSetup.Wrong("prometheus endpoint is no URL");
        } catch (IllegalArgumentException wrong) {
            // A header that HTTP does not let us set; its value stays out of the text.
            return new ProviderSetup.Wrong("a header cannot be sent as it is given");
        }
    }

    /** In place of what the template's own headers say. */
    private static void authorize(Map<String, List<String>> headers, String value) {
        headers.keySet().removeIf("Authorization"::equalsIgnoreCase);
        headers.put("Authorization", List.of(value));
    }

    private static String joined(String path) {
        String base = path == null ? "" : path.replaceAll("/+$", "");
        return base + "/api/v1/query";
    }

    private static @Nullable String authorization(ProviderSettings settings) {
        var token = settings.credential("token");
        if (token.isPresent()) {
            return "Bearer " + token.get();
        }
        var user = settings.credential("username");
        var password = settings.credential("password");
        return user.isPresent() && password.isPresent()
                ? basic(user.get() + ":" + password.get())
                : null;
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        String collapsed = query.replaceAll("[\\t\\n\\f\\r ]+", " ");
        var asked =
                request.to(URI.create(request.uri() + "?query=" + QueryEncoding.encode(collapsed)));
        try {
            return http.read(
                    asked, reply -> PrometheusReply.read(reply.status(), reply.body(), redaction));
        } catch (ProviderHttp.NoReply none) {
            return new Answer.Unavailable("request failed: " + none.getMessage());
        }
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (ask("vector(1)")) {
            case Answer.Samples one when one.value() == 1 -> one;
            case Answer.Samples _ -> new Answer.Unavailable("value is not 1 for query: vector(1)");
            case Answer.NoData(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Unavailable(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Misconfigured wrong -> wrong;
        };
    }
}
