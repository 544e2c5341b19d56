package dev.serinus.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the schema registry is and who we are to it, by the names of the properties that Confluent
 * documents: {@code schema.registry.url} (one or more, comma-separated), {@code
 * basic.auth.credentials.source} ({@code URL} or {@code USER_INFO}), {@code basic.auth.user.info},
 * {@code auto.register.schemas}.
 *
 * @param urls without credentials and without a slash at the end; tried in order
 * @param authorization value of the Authorization header
 * @param autoRegister whether a schema that the registry does not know is registered by us
 */
record RegistrySettings(List<URI> urls, Optional<String> authorization, boolean autoRegister) {

    static final String URL = "schema.registry.url";
    private static final String SOURCE = "basic.auth.credentials.source";
    private static final String USER_INFO = "basic.auth.user.info";
    private static final String AUTO_REGISTER = "auto.register.schemas";

    RegistrySettings {
        urls = List.copyOf(urls);
    }

    /** Empty without {@code schema.registry.url}. */
    static Optional<RegistrySettings> of(Map<String, ?> configuration) {
        String urls = text(configuration, URL);
        if (urls == null || urls.isBlank()) {
            return Optional.empty();
        }
        List<URI> given = Stream.of(urls.split(",")).map(url -> uri(url.strip())).toList();
        return Optional.of(
                new RegistrySettings(
                        given.stream().map(RegistrySettings::bare).toList(),
                        credentials(configuration, given).map(RegistrySettings::basic),
                        Boolean.parseBoolean(text(configuration, AUTO_REGISTER))));
    }

    private static Optional<String> credentials(Map<String, ?> configuration, List<URI> urls) {
        String userInfo = text(configuration, USER_INFO);
        String source = text(configuration, SOURCE);
        return switch (source == null ? "URL" : source) {
            case "URL" ->
                    urls.stream().flatMap(url -> Stream.ofNullable(url.getUserInfo())).findFirst();
            case "USER_INFO" -> {
                if (userInfo == null) {
                    throw new ConfigException(
                            SOURCE + " is USER_INFO but " + USER_INFO + " is missing");
                }
                yield Optional.of(userInfo);
            }
            default -> throw new ConfigException(SOURCE + " must be URL or USER_INFO");
        };
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(UTF_8));
    }

    /** Without its text in the message: it may contain a password. */
    private static URI uri(String url) {
        if (!url.matches("https?://[^/].*")) {
            throw new ConfigException(URL + " must be http://HOST:PORT or https://HOST:PORT");
        }
        try {
            return URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(URL + " is no address");
        }
    }

    private static URI bare(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return URI.create(url.getScheme() + "://" + url.getHost() + port + path);
    }

    private static @Nullable String text(Map<String, ?> configuration, String name) {
        Object value = configuration.get(name);
        return value == null ? null : value.toString();
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "RegistrySettings" + urls;
    }
}
