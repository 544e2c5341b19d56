package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who the installation is at AWS, found where AWS's own libraries look and in their order: the
 * variables {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, a role by web identity
 * (EKS's service accounts), the container's credentials (EKS Pod Identity, ECS), and, where {@code
 * SERINUS_INSTANCE_CREDENTIALS} is true, those of the instance. No file in a home is read. It is
 * got in the installation's own name and region, whichever canary asks.
 */
final class AwsIdentity {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String ALL = ShortLived.INSTALLATION;

    private static final String CONTAINER = "http://169.254.170.2";
    private static final String INSTANCE = "http://169.254.169.254";
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

    private final ProviderContext context;
    private final AwsHome home;
    private final ShortLived<AwsKey> keys;

    /**
     * @param asked where it is to be shown: to no other partition than its own
     */
    AwsIdentity(ProviderContext context, AwsRegion asked, ShortLived<AwsKey> keys)
            throws WrongSettings {
        this.context = context.ofTheInstallation();
        this.home = AwsHome.of(context.environment());
        this.keys = keys;
        String region = context.settings().region();
        home.check(
                asked,
                region == null || region.isBlank()
                        ? "spec.provider.address"
                        : "spec.provider.region");
    }

    /** What we sign with. */
    AwsKey key() throws NoCredentials, InterruptedException {
        Optional<String> id = variable("AWS_ACCESS_KEY_ID").or(() -> variable("AWS_ACCESS_KEY"));
        Optional<String> secret =
                variable("AWS_SECRET_ACCESS_KEY").or(() -> variable("AWS_SECRET_KEY"));
        if (id.isPresent() && secret.isPresent()) {
            return new AwsKey(id.get(), secret.get(), variable("AWS_SESSION_TOKEN").orElse(null));
        }
        Instant now = context.clock().instant();
        if (variable("AWS_WEB_IDENTITY_TOKEN_FILE").isPresent()) {
            return keys.get(ALL, byWebIdentity(), now, () -> ofRole(now));
        }
        if (variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").isPresent()
                || variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()) {
            return keys.get(ALL, "of the container", now, this::ofContainer);
        }
        if (Instance.mayBeAsked(context.environment())) {
            return keys.get(ALL, "of the instance", now, this::ofInstance);
        }
        throw new NoCredentials(
                ("no AWS credentials: give the watcher a service account with a role of IAM, or"
                                + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or %s=true")
                        .formatted(Instance.ALLOWED));
    }

    /** AWS does not take this key any more; another one, got meanwhile, stays. */
    void forget(AwsKey refused) {
        Instant now = context.clock().instant();
        keys.forget(ALL, byWebIdentity(), refused, now);
        keys.forget(ALL, "of the container", refused, now);
        keys.forget(ALL, "of the instance", refused, now);
    }

    private String byWebIdentity() {
        return "web identity " + variable("AWS_ROLE_ARN").orElse("");
    }

    private Optional<String> variable(String name) {
        return AwsHome.variable(context.environment(), name);
    }

    private ShortLived.Held<AwsKey> ofRole(Instant now) throws NoCredentials, InterruptedException {
        String role =
                variable("AWS_ROLE_ARN")
                        .orElseThrow(() -> new NoCredentials("AWS_ROLE_ARN is not set"));
        String token = file("AWS_WEB_IDENTITY_TOKEN_FILE");
        String session =
                variable("AWS_ROLE_SESSION_NAME").orElse("serinus-" + now.getEpochSecond());
        var source = source("https://" + home.tokens(), Map.of("Accept", "application/xml"), token);
        return source.post(
                        "/",
                        List.of(),
                        "application/x-www-form-urlencoded; charset=utf-8",
                        QueryEncoding.form(
                                List.of(
                                        parameter("Action", "AssumeRoleWithWebIdentity"),
                                        parameter("RoleArn", role),
                                        parameter("RoleSessionName", session),
                                        parameter("Version", "2011-06-15"),
                                        parameter("WebIdentityToken", token))),
                        new Reader<>(
                                source, "AWS gave no credentials for the role: ", AwsReply::key))
                .orThrow();
    }

    private static HttpSource.Parameter parameter(String name, String value) {
        return new HttpSource.Parameter(name, value);
    }

    private ShortLived.Held<AwsKey> ofContainer() throws NoCredentials, InterruptedException {
        String address =
                variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                        .map(path -> CONTAINER + path)
                        .or(() -> variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
                        .orElseThrow();
        String token =
                variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").isPresent()
                        ? file("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
                        : variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").orElse("");
        var source =
                source(address, token.isEmpty() ? Map.of() : Map.of("Authorization", token), token);
        return source.get(
                        "",
                        List.of(),
                        new Reader<>(
                                source,
                                "the container has no credentials of AWS: ",
                                AwsIdentity::expiring))
                .orThrow();
    }

    /** By version 2 of the metadata service, which wants a token of its own first. */
    private ShortLived.Held<AwsKey> ofInstance() throws NoCredentials, InterruptedException {
        String failed = "the instance has no credentials of AWS: ";
        var first = source(INSTANCE, Map.of("X-aws-ec2-metadata-token-ttl-seconds", "60"), "");
        String token =
                first.put("/latest/api/token", new Reader<>(first, failed, AwsIdentity::line))
                        .orThrow();
        var source = source(INSTANCE, Map.of("X-aws-ec2-metadata-token", token), token);
        String role =
                source.get(ROLES, List.of(), new Reader<>(source, failed, AwsIdentity::line))
                        .orThrow();
        return source.get(
                        ROLES + QueryEncoding.encodePath(role),
                        List.of(),
                        new Reader<>(source, failed, AwsIdentity::expiring))
                .orThrow();
    }

    private HttpSource source(String address, Map<String, String> headers, String secret)
            throws NoCredentials {
        try {
            return new HttpSource(
                    context.with(context.settings().at(address, Map.of("token", secret))),
                    null,
                    headers,
                    LIMIT);
        } catch (WrongSettings wrong) {
            throw new NoCredentials("credentials of AWS: " + wrong.because());
        }
    }

    private String file(String variable) throws NoCredentials {
        return VariableFile.read(context.environment(), variable);
    }

    private static Optional<String> line(String body) {
        String line = body.strip();
        return line.matches("[\\x21-\\x7e]{1,4096}") ? Optional.of(line) : Optional.empty();
    }

    private static Optional<ShortLived.Held<AwsKey>> expiring(String body) {
        try {
            JsonNode tree = JsonText.read(body).orElseGet(JsonText.JSON::createObjectNode);
            String id = tree.path("AccessKeyId").asText();
            String secret = tree.path("SecretAccessKey").asText();
            return id.isEmpty() || secret.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new ShortLived.Held<>(
                                    new AwsKey(id, secret, tree.path("Token").textValue()),
                                    Instant.parse(tree.path("Expiration").asText())));
        } catch (JsonText.TooMany | DateTimeException _) {
            return Optional.empty();
        }
    }

    /** What was got, or why it was not. */
    private record Got<T>(@Nullable T value, String because) {
        private T orThrow() throws NoCredentials {
            if (value == null) {
                throw new NoCredentials(because);
            }
            return value;
        }
    }

    private record Reader<T>(
            HttpSource source, String failed, Function<String, Optional<T>> extract)
            implements HttpSource.ReplyReader<Got<T>> {

        @Override
        public Got<T> read(ProviderHttp.Reply reply) {
            if (reply.status() != 200) {
                String said =
                        AwsReply.error(reply.body())
                                .map(AwsReply.Trouble::told)
                                .orElseGet(() -> HttpSource.told(reply));
                return new Got<>(null, failed + source.redaction().of(said, 200));
            }
            // What it says is not told: there may be a key in it.
            return extract.apply(reply.body())
                    .map(value -> new Got<T>(value, ""))
                    .orElseGet(() -> new Got<>(null, failed + "its answer cannot be read"));
        }

        @Override
        public Got<T> none(String because) {
            return new Got<>(null, failed + because);
        }
    }
}
