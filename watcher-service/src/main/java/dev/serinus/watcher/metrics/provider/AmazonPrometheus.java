package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.Addresses;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a workspace of Amazon Managed Service for Prometheus in PromQL: by POST, so that long
 * queries fit, and signed by the key in the Secret, or else by who the installation is at AWS.
 */
final class AmazonPrometheus {

    static final ProviderType TYPE = type();

    private static final String ID = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";
    private static final String SESSION = "aws_session_token";

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String SERVICE = "aps";
    private static final String HOST = "aps-workspaces";
    private static final Pattern AT_AWS =
            Pattern.compile("aps-workspaces\\.([^.]+)\\..+", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORKSPACE = Pattern.compile("/workspaces/[A-Za-z0-9-]+");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~/-]*");
    private static final String EXAMPLE =
            "https://aps-workspaces.REGION.amazonaws.com/workspaces/ID";

    /** What the console shows as the address of queries ends so. */
    private static final String QUERY = "/api/v1/query";

    private final AwsForm form;
    private final @Nullable AwsIdentity identity;
    private final @Nullable AwsKey own;

    private AmazonPrometheus(ProviderContext context, ShortLived<AwsKey> keys)
            throws WrongSettings {
        var settings = context.settings();
        this.own = settings.hasSecret() ? key(settings) : null;
        URI address = address(settings);
        var region = region(settings, address);
        if (own == null) {
            checkThatItIsAws(settings, address, region);
        }
        this.form = new AwsForm(context, region, SERVICE, address, LIMIT);
        this.identity = own == null ? new AwsIdentity(context, region, keys) : null;
    }

    /** A kind that has no credentials yet. */
    static ProviderType type() {
        ShortLived<AwsKey> keys = new ShortLived<>();
        return ProviderType.of(
                        "amazonprometheus",
                        context ->
                                new PrometheusQueries(
                                        new AmazonPrometheus(context, keys)::ask,
                                        PrometheusReply.Several.REFUSED))
                .onlyAs("whoever the Secret's key of AWS is, or as the installation")
                .withRanges();
    }

    private static AwsKey key(ProviderSettings settings) throws WrongSettings {
        return new AwsKey(
                settings.required(ID),
                settings.required(SECRET),
                settings.credential(SESSION).isPresent() ? settings.required(SESSION) : null);
    }

    private static URI address(ProviderSettings settings) throws WrongSettings {
        String written = settings.address();
        if (written == null || written.isBlank()) {
            throw new WrongSettings(settings.type() + " endpoint is not set");
        }
        URI address =
                Addresses.parse(workspace(written.strip()))
                        .map(Addresses::withoutUsualPort)
                        .orElseThrow(
                                () ->
                                        new WrongSettings(
                                                settings.type()
                                                        + " endpoint is no URL with a host"));
        if (address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || !PATH.matcher(address.getRawPath()).matches()) {
            throw new WrongSettings(
                    settings.type()
                            + " endpoint must be such as %s, and no more".formatted(EXAMPLE));
        }
        return address;
    }

    private static String workspace(String written) {
        String shown = Addresses.withoutSlashesAtTheEnd(written);
        return shown.endsWith(QUERY) ? shown.substring(0, shown.length() - QUERY.length()) : shown;
    }

    private static AwsRegion region(ProviderSettings settings, URI address) throws WrongSettings {
        Matcher host = AT_AWS.matcher(address.getHost());
        Optional<String> ofHost =
                host.matches()
                        ? Optional.of(host.group(1).toLowerCase(Locale.ROOT))
                        : Optional.empty();
        String named = settings.region();
        if (named == null || named.isBlank()) {
            return AwsRegion.of(
                    ofHost.orElseThrow(
                            () ->
                                    new WrongSettings(
                                            "spec.provider.region is not set, and the address does"
                                                    + " not name it as %s does"
                                                            .formatted(EXAMPLE))));
        }
        if (ofHost.filter(region -> !region.equals(named)).isPresent()) {
            throw new WrongSettings(
                    "spec.provider.region is not the region that the address names");
        }
        return AwsRegion.of(named);
    }

    /** The installation's identity is shown to nobody else. */
    private static void checkThatItIsAws(ProviderSettings settings, URI address, AwsRegion region)
            throws WrongSettings {
        if (!"https".equalsIgnoreCase(address.getScheme())
                || !address.getHost().equalsIgnoreCase(region.host(HOST))
                || address.getPort() >= 0
                || !WORKSPACE.matcher(address.getRawPath()).matches()) {
            throw new WrongSettings(
                    "%s endpoint must be https://%s/workspaces/ID without a Secret that has %s and %s"
                            .formatted(settings.type(), region.host(HOST), ID, SECRET));
        }
    }

    private Answer ask(
            String path, List<HttpSource.Parameter> parameters, PrometheusQueries.Reading reading)
            throws InterruptedException {
        try {
            if (own != null) {
                // Whoever refuses a Secret's key says nothing of the installation's.
                return form.post(own, path, QueryEncoding.form(parameters), reading::by);
            }
            var installation = Objects.requireNonNull(identity, "who asks without a Secret");
            AwsKey key = installation.key();
            return form.post(
                    key,
                    path,
                    QueryEncoding.form(parameters),
                    source -> forgetting(installation, key, reading.by(source)));
        } catch (NoCredentials none) {
            return new Answer.Unavailable("request failed: " + none.because());
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    /** Reads the same, and gets a new key next time where AWS does not take this one. */
    private static HttpSource.ReplyReader<Answer> forgetting(
            AwsIdentity identity, AwsKey key, HttpSource.ReplyReader<Answer> reader) {
        return new HttpSource.ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                // Who may not ask for this workspace is still who he is.
                if (reply.status() == 401
                        || (reply.status() == 403
                                && reply.body()
                                        .toLowerCase(Locale.ROOT)
                                        .contains("security token"))) {
                    identity.forget(key);
                }
                return reader.read(reply);
            }

            @Override
            public Answer none(String because) {
                return reader.none(because);
            }
        };
    }
}
