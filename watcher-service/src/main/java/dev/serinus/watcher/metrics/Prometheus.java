package dev.serinus.watcher.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Redaction;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Asks the query API of Prometheus, or of anything that speaks it. A query is sent with every run
 * of white space collapsed to one space, as Flagger sends it.
 */
final class Prometheus implements MetricsProvider {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpRequest.Builder template;
    private final URI address;
    private final boolean verifyTls;
    private final Redaction redaction;
    private final Http http;

    private Prometheus(
            HttpRequest.Builder template,
            URI address,
            boolean verifyTls,
            Redaction redaction,
            Http http) {
        this.template = template;
        this.address = address;
        this.verifyTls = verifyTls;
        this.redaction = redaction;
        this.http = http;
    }

    static ProviderSetup of(ProviderSettings settings, Http http) {
        String written = settings.address();
        if (written == null || written.isEmpty()) {
            return new ProviderSetup.Wrong("prometheus endpoint is not set");
        }
        List<String> hidden = new ArrayList<>(settings.secret().values());
        settings.headers().values().forEach(hidden::addAll);
        try {
            var parsed = Addresses.parse(written);
            if (parsed.isEmpty()) {
                return new ProviderSetup.Wrong("prometheus endpoint is no URL with a host");
            }
            URI given = parsed.get();
            var request = HttpRequest.newBuilder();
            settings.headers()
                    .forEach((name, values) -> values.forEach(v -> request.header(name, v)));
            if (given.getRawUserInfo() != null) {
                hidden.add(given.getRawUserInfo());
                hidden.addAll(List.of(given.getUserInfo().split(":")));
                request.setHeader("Authorization", basic(given.getUserInfo()));
            }
            if (settings.hasSecret()) {
                var authorization = authorization(settings);
                if (authorization == null) {
                    return new ProviderSetup.Wrong(
                            "prometheus credentials does not contain a token, or a username and a"
                                    + " password");
                }
                request.setHeader("Authorization", authorization);
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
                            request,
                            query,
                            !settings.insecureSkipVerify(),
                            Redaction.of(query, hidden),
                            http));
        } catch (URISyntaxException _) {
            return new ProviderSetup.Wrong("prometheus endpoint is no URL");
        } catch (IllegalArgumentException wrong) {
            // A header that HTTP does not let us set; its value stays out of the text.
            return new ProviderSetup.Wrong("a header cannot be sent as it is given");
        }
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
        var request =
                template.copy()
                        .uri(URI.create(address + "?query=" + QueryEncoding.encode(collapsed)))
                        .GET()
                        .build();
        try {
            var reply = http.get(request, verifyTls, LIMIT);
            return PrometheusReply.read(reply.status(), reply.body(), redaction);
        } catch (Http.NoReply none) {
            return new Answer.Unavailable("request failed: " + none.getMessage());
        }
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (ask("vector(1)")) {
            case Answer.Value(var value) when value == 1 -> new Answer.Value(1);
            case Answer.Value _ -> new Answer.Unavailable("value is not 1 for query: vector(1)");
            case Answer.NoData(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Unavailable(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Misconfigured wrong -> wrong;
        };
    }
}
