package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.ProviderAuth;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for MetricTemplates: there is one answer to who asks, and it can be given. */
final class TemplateRules {

    private static final String AUTH = "spec.provider.auth";
    private static final String OAUTH2 = AUTH + ".oauth2";
    private static final int MOST_SCOPES = 50;
    private static final int MOST_PARAMETERS = 50;

    /** Characters of an address, as browsers and proxies take it. */
    private static final int LONGEST_ADDRESS = 2048;

    /** Characters of what names a client or a scope. */
    private static final int LONGEST_WORD = 1024;

    private static final Set<String> OF_THE_PROTOCOL =
            Set.of("grant_type", "scope", "client_id", "client_secret");
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");
    private static final Pattern PLAIN =
            Pattern.compile("\\s*(http|ws):", Pattern.CASE_INSENSITIVE);
    private static final Pattern USER = Pattern.compile("[^/?#]*//[^/?#]*@.*", Pattern.DOTALL);

    private TemplateRules() {}

    static void check(MetricTemplateSpec template, Findings findings) {
        var provider = template.provider();
        var auth = provider.auth();
        if (auth == null) {
            return;
        }
        var file = auth.bearerTokenFile();
        var client = auth.oauth2();
        findings.when(
                file == null && client == null && auth.tls() == null,
                AUTH,
                "must say who asks: give bearerTokenFile, oauth2 or tls");
        findings.when(
                file != null && client != null,
                AUTH,
                "says twice who asks, by bearerTokenFile and by oauth2: leave one of them");
        if (file != null) {
            findings.when(
                    !ProviderAuth.isFile(file),
                    AUTH + ".bearerTokenFile",
                    "must be the name of a file such as prometheus/token, without parts that are"
                            + " empty or begin with a dot");
        }
        if (client != null) {
            client(client, findings);
        }
        if (file != null || client != null) {
            unlessAlone(provider, findings);
        }
        unlessSecure(auth.tls(), provider.address(), AUTH + ".tls", findings);
        findings.when(
                Boolean.TRUE.equals(provider.insecureSkipVerify())
                        && auth.tls() != null
                        && auth.tls().caSecretRef() != null,
                "spec.provider.insecureSkipVerify",
                "trusts anybody, and auth.tls.caSecretRef says whom to trust: leave one of them");
        unlessShort(provider.address(), LONGEST_ADDRESS, "spec.provider.address", findings);
    }

    /** The CRD says it too, of an address beside {@code auth} alone: Flagger's may be longer. */
    private static void unlessShort(
            @Nullable String text, int longest, String path, Findings findings) {
        findings.when(
                text != null && text.length() > longest,
                path,
                "has %d characters, more than %d"
                        .formatted(text == null ? 0 : text.length(), longest));
    }

    private static void unlessSecure(
            ProviderAuth.@Nullable Tls tls,
            @Nullable String address,
            String path,
            Findings findings) {
        findings.when(
                tls != null && address != null && PLAIN.matcher(address).lookingAt(),
                path,
                "has no effect, since the address is http: it must be https");
    }

    private static void client(ProviderAuth.OAuth2 client, Findings findings) {
        var address = client.tokenUrl().strip();
        unlessSecure(client.tls(), address, OAUTH2 + ".tls", findings);
        unlessShort(client.tokenUrl(), LONGEST_ADDRESS, OAUTH2 + ".tokenUrl", findings);
        unlessShort(client.clientId(), LONGEST_WORD, OAUTH2 + ".clientId", findings);
        findings.when(
                !Subject.isAddress(address),
                OAUTH2 + ".tokenUrl",
                "must begin with http:// or https:// and a host");
        findings.when(
                USER.matcher(address).matches(),
                OAUTH2 + ".tokenUrl",
                "names a user, and clientId says who asks: leave out the user");
        findings.when(client.clientId().isBlank(), OAUTH2 + ".clientId", "must not be empty");
        var scopes = list(client.scopes());
        // Each problem is kept as long as the template is there, so they must not be as many.
        findings.when(
                scopes.size() > MOST_SCOPES,
                OAUTH2 + ".scopes",
                "has %d, more than %d".formatted(scopes.size(), MOST_SCOPES));
        for (var i = 0; i < Math.min(scopes.size(), MOST_SCOPES); i++) {
            findings.when(
                    !SCOPE.matcher(scopes.get(i)).matches(),
                    OAUTH2 + ".scopes[" + i + "]",
                    "must be one word, of what RFC 6749 allows in a scope");
            unlessShort(scopes.get(i), LONGEST_WORD, OAUTH2 + ".scopes[" + i + "]", findings);
        }
        var parameters = client.endpointParams();
        findings.when(
                parameters != null && parameters.size() > MOST_PARAMETERS,
                OAUTH2 + ".endpointParams",
                "has %d, more than %d"
                        .formatted(parameters == null ? 0 : parameters.size(), MOST_PARAMETERS));
        for (var name : parameters == null ? Set.<String>of() : parameters.keySet()) {
            findings.when(
                    OF_THE_PROTOCOL.contains(name),
                    OAUTH2 + ".endpointParams." + name,
                    "is said by the other fields of oauth2: leave it out");
        }
        findings.unlessOneOf(
                Set.of("basic", "post"),
                client.clientAuthentication(),
                OAUTH2 + ".clientAuthentication");
    }

    /** What else would be sent as the one header that says who asks. */
    private static void unlessAlone(MetricTemplateSpec.Provider provider, Findings findings) {
        var headers = provider.headers() == null ? Map.<String, Object>of() : provider.headers();
        findings.when(
                headers.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase),
                "spec.provider.headers.Authorization",
                "says who asks, and so does auth: leave one of them");
        var address = provider.address();
        findings.when(
                given(address) && USER.matcher(String.valueOf(address).strip()).matches(),
                "spec.provider.address",
                "names a user, and auth says who asks: leave one of them");
    }
}
