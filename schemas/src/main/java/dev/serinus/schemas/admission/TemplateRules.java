package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;

import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.ProviderAuth;

import java.util.Map;
import java.util.regex.Pattern;

/** Rules for MetricTemplates: there is one answer to who asks, and it can be given. */
final class TemplateRules {

    private static final String AUTH = "spec.provider.auth";
    private static final Pattern USER = Pattern.compile("[^/?#]*//[^/?#]*@.*", Pattern.DOTALL);

    private TemplateRules() {}

    static void check(MetricTemplateSpec template, Findings findings) {
        var provider = template.provider();
        var auth = provider.auth();
        if (auth == null) {
            return;
        }
        var file = auth.bearerTokenFile();
        findings.when(file == null, AUTH, "must say who asks: give bearerTokenFile");
        findings.when(
                file != null && !ProviderAuth.isFile(file),
                AUTH + ".bearerTokenFile",
                "must be the name of a file such as prometheus/token, without parts that are empty"
                        + " or begin with a dot");
        if (file != null) {
            unlessAlone(provider, "bearerTokenFile", findings);
        }
    }

    /** What else would be sent as the one header that says who asks. */
    private static void unlessAlone(
            MetricTemplateSpec.Provider provider, String kind, Findings findings) {
        var headers = provider.headers() == null ? Map.<String, Object>of() : provider.headers();
        findings.when(
                headers.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase),
                "spec.provider.headers.Authorization",
                "says who asks, and so does auth.%s: leave one of them".formatted(kind));
        var address = provider.address();
        findings.when(
                given(address) && USER.matcher(String.valueOf(address).strip()).matches(),
                "spec.provider.address",
                "names a user, and auth.%s says who asks: leave one of them".formatted(kind));
    }
}
