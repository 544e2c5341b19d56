package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.SocketMessage;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The HTTP API of a provider: where it is, what authorises us there, and how its troubles are told.
 * Nothing it tells holds a credential or the address.
 */
final class HttpSource {

    static final String NO_VALUES = "no values found";

    /** What fits into a Kubernetes event beside the rest of its sentence. */
    private static final int LONGEST = 400;

    private static final String AUTHORIZATION = "Authorization";
    private static final String UNREADABLE = "error unmarshaling result: ";

    /**
     * Characters: what waits for its turn must not fill the memory, and no server takes so much.
     */
    private static final int LONGEST_ADDRESS = 128 * 1024;

    private final ProviderHttp http;
    private final String root;
    private final ProviderHttp.Request request;
    private final Redaction redaction;

    /** A parameter of a request's address. */
    record Parameter(String name, String value) {}

    /** Makes an answer of a tree and of the text that it was. */
    interface Extract {
        Answer from(JsonNode tree, String body) throws JsonText.NoNumber;
    }

    /**
     * @param credentials headers that authorise us, in place of what the template's own say
     * @param otherwise the address where the template names none; null when it must
     */
    HttpSource(
            ProviderContext context,
            @Nullable String otherwise,
            Map<String, String> credentials,
            Duration limit)
            throws WrongSettings {
        var settings = context.settings();
        URI given = address(settings, otherwise);
        List<String> hidden = new ArrayList<>();
        Map<String, List<String>> headers = new LinkedHashMap<>(settings.headers());
        // Go's client sends its own in their place, so that existing templates may have them.
        headers.keySet().removeIf(Call::isOfHttp);
        String userInfo = given.getUserInfo();
        if (userInfo != null) {
            hidden.add(given.getRawUserInfo());
            hidden.addAll(List.of(userInfo.split(":")));
            // The template's own header comes first, as with Go's client.
            if (headers.keySet().stream().noneMatch(AUTHORIZATION::equalsIgnoreCase)) {
                Addresses.basic(given).ifPresent(user -> put(headers, AUTHORIZATION, user));
            }
        }
        credentials.forEach((name, value) -> put(headers, name, value));
        this.http = context.http();
        this.root = root(given);
        try {
            this.request =
                    ProviderHttp.Request.get(
                            URI.create(root), headers, !settings.insecureSkipVerify(), limit);
        } catch (IllegalArgumentException _) {
            // A header that HTTP does not let us set; its value stays out of the text.
            throw new WrongSettings(
                    "a header cannot be sent as it is given: look for a line break in its value");
        }
        this.redaction = settings.redaction(URI.create(root), hidden);
    }

    private static URI address(ProviderSettings settings, @Nullable String otherwise)
            throws WrongSettings {
        String written = settings.address();
        if (written == null || written.isBlank()) {
            written = otherwise;
        }
        if (written == null) {
            throw new WrongSettings(settings.type() + " endpoint is not set");
        }
        return Addresses.parse(written)
                .orElseThrow(
                        () ->
                                new WrongSettings(
                                        settings.type() + " endpoint is no URL with a host"));
    }

    /** Without user, query and fragment. */
    private static String root(URI given) {
        String path =
                given.getRawPath() == null
                        ? ""
                        : Addresses.withoutSlashesAtTheEnd(given.getRawPath());
        String port = given.getPort() < 0 ? "" : ":" + given.getPort();
        return given.getScheme() + "://" + given.getHost() + port + path;
    }

    private static void put(Map<String, List<String>> headers, String name, String value) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        headers.put(name, List.of(value));
    }

    /** The value of an Authorization header for a user and password with a colon between them. */
    static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    /**
     * The header that a Secret with a token, or with a username and a password, asks for; none
     * without a Secret, and where the template's auth is in its place.
     */
    static Map<String, String> authorization(ProviderSettings settings) throws WrongSettings {
        if (!settings.hasSecret() || settings.auth().authorizes()) {
            return Map.of();
        }
        var token = settings.credential("token");
        if (token.isPresent()) {
            return Map.of(AUTHORIZATION, "Bearer " + token.get());
        }
        var user = settings.credential("username");
        var password = settings.credential("password");
        if (user.isEmpty() || password.isEmpty()) {
            throw new WrongSettings(
                    settings.type()
                            + " credentials does not contain a token, or a username and a"
                            + " password");
        }
        return Map.of(AUTHORIZATION, basic(user.get() + ":" + password.get()));
    }

    /** Asks by GET; the path begins with a slash, and parameters keep their order. */
    <T> T get(String path, List<Parameter> parameters, ReplyReader<T> reader)
            throws InterruptedException {
        return send(request.to(uri(path, parameters)), reader);
    }

    /** Asks by POST of JSON. */
    <T> T post(String path, List<Parameter> parameters, String body, ReplyReader<T> reader)
            throws InterruptedException {
        return post(path, parameters, "application/json", body, reader);
    }

    /** Asks by POST of another type of content. */
    <T> T post(
            String path,
            List<Parameter> parameters,
            String contentType,
            String body,
            ReplyReader<T> reader)
            throws InterruptedException {
        Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
        put(headers, "Content-Type", contentType);
        return send(
                ProviderHttp.Request.post(
                        uri(path, parameters), headers, body, request.verifyTls(), request.limit()),
                reader);
    }

    /** Speaks over a WebSocket: says these texts and hears what comes while more is wanted. */
    <T> T converse(
            String path, List<String> said, Predicate<SocketMessage> more, ReplyReader<T> reader)
            throws InterruptedException {
        try {
            return reader.read(http.converse(request.to(uri(path, List.of())), said, more));
        } catch (ProviderHttp.NoReply none) {
            return reader.none(String.valueOf(none.getMessage()));
        }
    }

    /** Asks by PUT without a body. */
    <T> T put(String path, ReplyReader<T> reader) throws InterruptedException {
        return send(
                new ProviderHttp.Request(
                        "PUT",
                        uri(path, List.of()),
                        request.headers(),
                        null,
                        request.verifyTls(),
                        request.limit()),
                reader);
    }

    /** What is made of an answer, and of none. */
    interface ReplyReader<T> {
        T read(ProviderHttp.Reply reply);

        T none(String because);
    }

    private <T> T send(ProviderHttp.Request asked, ReplyReader<T> reader)
            throws InterruptedException {
        int length = asked.uri().toString().length();
        if (length > LONGEST_ADDRESS) {
            return reader.none(
                    "the address with its query has %d characters, more than %d: shorten the query"
                            .formatted(length, LONGEST_ADDRESS));
        }
        try {
            return http.read(asked, reader::read);
        } catch (ProviderHttp.NoReply none) {
            return reader.none(String.valueOf(none.getMessage()));
        }
    }

    private URI uri(String path, List<Parameter> parameters) {
        return URI.create(
                root + path + (parameters.isEmpty() ? "" : "?" + QueryEncoding.form(parameters)));
    }

    /** Reads JSON of answers with such a status; all others are told with their status. */
    ReplyReader<Answer> json(IntPredicate good, Extract extract) {
        return new ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                return good.test(reply.status())
                        ? HttpSource.this.extract(reply.body(), extract)
                        : refused(reply);
            }

            @Override
            public Answer none(String because) {
                return new Answer.Unavailable("request failed: " + because);
            }
        };
    }

    /** Takes an answer with such a status for a yes, whatever it says. */
    ReplyReader<Answer> yes(IntPredicate good, Answer yes) {
        return new ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                return good.test(reply.status()) ? yes : refused(reply);
            }

            @Override
            public Answer none(String because) {
                return new Answer.Unavailable("request failed: " + because);
            }
        };
    }

    static boolean is200(int status) {
        return status == 200;
    }

    /** Reads JSON; what is none, or says what is no number, is told. */
    Answer extract(String body, Extract extract) {
        return readJson(body, extract, this::unavailable);
    }

    /**
     * The same of a text that comes from elsewhere.
     *
     * @param unavailable tells what is wrong with it
     */
    static Answer readJson(String body, Extract extract, Function<String, Answer> unavailable) {
        try {
            Optional<JsonNode> tree = JsonText.read(body);
            return tree.isEmpty()
                    ? unavailable.apply(UNREADABLE + JsonText.trouble(body) + ", '" + body + "'")
                    : extract.from(tree.get(), body);
        } catch (JsonText.TooMany tooMuch) {
            return unavailable.apply(UNREADABLE + tooMuch.getMessage());
        } catch (JsonText.NoNumber wrong) {
            return unavailable.apply(String.valueOf(wrong.getMessage()));
        }
    }

    /** A status that is none of success. */
    Answer refused(ProviderHttp.Reply reply) {
        return unavailable("error response: " + told(reply));
    }

    /** The status, the pause that is asked for, and the body. */
    static String told(ProviderHttp.Reply reply) {
        Duration pause = reply.retryAfter();
        return "Status %s%s: %s"
                .formatted(
                        line(reply.status()),
                        pause == null
                                ? ""
                                : " (asks to be left alone for %ds)".formatted(pause.toSeconds()),
                        reply.body());
    }

    /** The text that a JSON body has under this name. */
    static Optional<String> field(ProviderHttp.Reply reply, String name) {
        try {
            return JsonText.read(reply.body())
                    .map(tree -> tree.path(name))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue);
        } catch (JsonText.TooMany _) {
            return Optional.empty();
        }
    }

    /** What cannot be used, told without secrets and not too long. */
    Answer unavailable(String because) {
        return new Answer.Unavailable(redaction.of(because, LONGEST));
    }

    /** An answer without a value, told as Flagger tells it. */
    Answer noValues(String body) {
        return noValues(body, List.of());
    }

    /** The same, where it said at these times that there is no number. */
    Answer noValues(String body, List<Instant> notNumbers) {
        return new Answer.NoData(
                redaction.of("invalid response: " + body, LONGEST) + ": " + NO_VALUES, notNumbers);
    }

    /**
     * An answer without such a list, not even one that is null: an error that a server tells with
     * status 200, or something else, and never "no data", which may pass.
     */
    Optional<Answer> lacking(JsonNode list, String name, String body) {
        return list.isArray() || list.isNull()
                ? Optional.empty()
                : Optional.of(unavailable(UNREADABLE + "it has no " + name + ", '" + body + "'"));
    }

    /** More than one value where one is wanted. */
    static Answer several(int count, String what, String remedy) {
        return new Answer.Unavailable(
                "query returned multiple values: %d %s; %s".formatted(count, what, remedy));
    }

    Redaction redaction() {
        return redaction;
    }

    /** A status as HTTP servers print it. */
    static String line(int status) {
        String reason =
                switch (status) {
                    case 400 -> "Bad Request";
                    case 401 -> "Unauthorized";
                    case 402 -> "Payment Required";
                    case 403 -> "Forbidden";
                    case 404 -> "Not Found";
                    case 405 -> "Method Not Allowed";
                    case 408 -> "Request Timeout";
                    case 413 -> "Request Entity Too Large";
                    case 422 -> "Unprocessable Entity";
                    case 429 -> "Too Many Requests";
                    case 500 -> "Internal Server Error";
                    case 502 -> "Bad Gateway";
                    case 503 -> "Service Unavailable";
                    case 504 -> "Gateway Timeout";
                    default -> "";
                };
        return (status + " " + reason).strip();
    }
}
