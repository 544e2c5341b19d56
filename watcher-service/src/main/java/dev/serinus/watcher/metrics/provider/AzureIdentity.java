package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who we are at Azure: the client whose secret the template's Secret holds, else the installation
 * by AKS's workload identity, else, where {@code SERINUS_INSTANCE_CREDENTIALS} is true, by the
 * managed identity of the instance.
 */
final class AzureIdentity implements BearerApi.Identity {

    /** Who asks, in a sentence. */
    static final String WHO = "a client of Microsoft Entra, by its secret or as the installation";

    private static final String TENANT = "tenantId";
    private static final String CLIENT = "clientId";
    private static final String SECRET = "clientSecret";
    private static final String TENANT_VARIABLE = "AZURE_TENANT_ID";
    private static final String CLIENT_VARIABLE = "AZURE_CLIENT_ID";
    private static final String FILE = "AZURE_FEDERATED_TOKEN_FILE";
    private static final String METADATA = "http://169.254.169.254";
    private static final String FAILED = "Microsoft Entra gave no access token: ";

    /** It becomes part of a path. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,127}");

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    private final ProviderContext context;
    private final AzureCloud cloud;
    private final String resource;
    private final ShortLived<String> tokens;

    /**
     * @param resource what a token is for
     */
    AzureIdentity(
            ProviderContext context, AzureCloud cloud, String resource, ShortLived<String> tokens)
            throws WrongSettings {
        this.context = context;
        this.cloud = cloud;
        this.resource = resource;
        this.tokens = tokens;
        var settings = context.settings();
        if (settings.hasSecret()) {
            for (String key : List.of(TENANT, CLIENT, SECRET)) {
                var _ = settings.required(key);
            }
            if (!NAME.matcher(settings.required(TENANT)).matches()) {
                throw new WrongSettings(settings.type() + " credentials: tenantId is none");
            }
        } else if (variable(FILE).isEmpty() && !Instance.mayBeAsked(context.environment())) {
            throw new WrongSettings(
                    "%s credentials: put %s, %s and %s into the Secret, or give the watcher's service account a workload identity (%s), or the watcher %s=true"
                            .formatted(
                                    settings.type(),
                                    TENANT,
                                    CLIENT,
                                    SECRET,
                                    FILE,
                                    Instance.ALLOWED));
        } else {
            cloud.checkThatItIsTheInstallations(context.environment());
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(context.environment().get(name)).filter(text -> !text.isBlank());
    }

    @Override
    public String token() throws NoCredentials, InterruptedException {
        Instant now = context.clock().instant();
        return tokens.get(
                owner(),
                name(),
                now,
                () ->
                        context.settings().hasSecret()
                                ? ofTheClient(now)
                                : ofTheInstallation(context.ofTheInstallation(), now));
    }

    @Override
    public void forgetToken(String refused) {
        tokens.forget(owner(), name(), refused, context.clock().instant());
    }

    /** A namespace's own client is its own; who the installation is, is the same for all. */
    private String owner() {
        return context.settings().hasSecret()
                ? context.http().namespace()
                : ShortLived.INSTALLATION;
    }

    private String name() {
        List<String> all = new ArrayList<>(List.of(resource));
        for (String key : List.of(TENANT, CLIENT, SECRET)) {
            all.add(context.settings().credential(key).orElse(""));
        }
        return Revision.digest(Digested.of(all));
    }

    private ShortLived.Held<String> ofTheClient(Instant now)
            throws NoCredentials, InterruptedException {
        try {
            var settings = context.settings();
            String secret = settings.required(SECRET);
            return of(
                    context,
                    settings.required(TENANT),
                    settings.required(CLIENT),
                    secret,
                    List.of(new Parameter("client_secret", secret)),
                    now);
        } catch (WrongSettings wrong) {
            throw new NoCredentials(wrong.because());
        }
    }

    private ShortLived.Held<String> ofTheInstallation(ProviderContext by, Instant now)
            throws NoCredentials, InterruptedException {
        try {
            if (variable(FILE).isPresent()) {
                String assertion = VariableFile.read(by.environment(), FILE);
                return of(
                        by,
                        said(TENANT_VARIABLE),
                        said(CLIENT_VARIABLE),
                        assertion,
                        List.of(
                                new Parameter("client_assertion", assertion),
                                new Parameter(
                                        "client_assertion_type",
                                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")),
                        now);
            }
            return ofTheInstance(by, now);
        } catch (WrongSettings wrong) {
            throw new NoCredentials(wrong.because());
        }
    }

    private String said(String variable) throws NoCredentials {
        return variable(variable)
                .filter(name -> NAME.matcher(name).matches())
                .orElseThrow(() -> new NoCredentials(variable + " of the watcher is none"));
    }

    private ShortLived.Held<String> of(
            ProviderContext by,
            String tenant,
            String client,
            String secret,
            List<Parameter> proof,
            Instant now)
            throws NoCredentials, WrongSettings, InterruptedException {
        List<Parameter> form = new ArrayList<>();
        form.add(new Parameter("client_id", client));
        form.addAll(proof);
        form.add(new Parameter("grant_type", "client_credentials"));
        form.add(new Parameter("scope", resource + "/.default"));
        var source =
                new HttpSource(
                        by.with(by.settings().at(cloud.login(), Map.of("proof", secret))),
                        null,
                        Map.of("Accept", "application/json"),
                        LIMIT);
        return source.post(
                        "/%s/oauth2/v2.0/token".formatted(tenant),
                        List.of(),
                        "application/x-www-form-urlencoded",
                        QueryEncoding.form(form),
                        new TokenReply(source, FAILED, now, null, LONGEST_LIFE))
                .orThrow();
    }

    private ShortLived.Held<String> ofTheInstance(ProviderContext by, Instant now)
            throws NoCredentials, WrongSettings, InterruptedException {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("api-version", "2018-02-01"));
        variable(CLIENT_VARIABLE).ifPresent(id -> parameters.add(new Parameter("client_id", id)));
        parameters.add(new Parameter("resource", resource));
        var source =
                new HttpSource(
                        by.with(by.settings().at(METADATA, Map.of())),
                        null,
                        Map.of("Metadata", "true"),
                        LIMIT);
        return source.get(
                        "/metadata/identity/oauth2/token",
                        parameters,
                        new TokenReply(source, FAILED, now, null, LONGEST_LIFE))
                .orThrow();
    }
}
