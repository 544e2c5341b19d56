package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * spec of a MetricTemplate.
 *
 * @param maxAge how old a value may be, a Go duration; as old as it is when null, as in Flagger
 * @param oneSeries several series are trouble; one of them counts when null, as in Flagger
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricTemplateSpec(
        Provider provider, String query, @Nullable String maxAge, @Nullable Boolean oneSeries) {

    /**
     * Where to ask, and with which Secret of the template's namespace. Headers may hold secrets.
     *
     * @param auth who asks, beside what the Secret says of it; null in Flagger's templates
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Provider(
            String type,
            @Nullable String address,
            @Nullable Map<String, List<String>> headers,
            @Nullable SecretRef secretRef,
            @Nullable String region,
            @Nullable Boolean insecureSkipVerify,
            @Nullable ProviderAuth auth) {

        /** Leaves out address and headers. */
        @Override
        public String toString() {
            return "Provider[type=" + type + "]";
        }
    }
}
