package dev.serinus.watcher.metrics.provider;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Posts forms to a service of AWS, each signed by who we are there.
 *
 * @param service the name by which it is signed for
 * @param address without user, query and the port that its scheme has anyway; its path, if any,
 *     needs no escapes
 */
record AwsForm(
        ProviderContext context, AwsRegion region, String service, URI address, Duration limit) {

    static final String TYPE = "application/x-www-form-urlencoded; charset=utf-8";

    /** Reads what came by way of this source. */
    interface Reading<T> {
        HttpSource.ReplyReader<T> by(HttpSource source);
    }

    /**
     * Posts it.
     *
     * @param path below the address
     */
    <T> T post(AwsKey key, String path, String form, Reading<T> reading)
            throws WrongSettings, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Amz-Date", AwsSignature.time(context.clock().instant()));
        Map<String, String> hidden = new LinkedHashMap<>();
        hidden.put("key", key.secret());
        String session = key.session();
        if (session != null) {
            headers.put("X-Amz-Security-Token", session);
            hidden.put("session", session);
        }
        Map<String, String> signed = new LinkedHashMap<>(headers);
        signed.put("Host", host());
        signed.put("Content-Type", TYPE);
        signed.put("Content-Length", String.valueOf(form.length()));
        headers.put(
                "Authorization",
                AwsSignature.of(
                        key,
                        region.name(),
                        service,
                        "POST",
                        address.getRawPath() + path,
                        "",
                        signed,
                        form));
        // A template has no say in what is sent, and the server has to prove who it is.
        var source =
                new HttpSource(
                        context.with(context.settings().at(address.toString(), hidden)),
                        null,
                        headers,
                        limit);
        return source.post(path, List.of(), TYPE, form, reading.by(source));
    }

    /** As it is sent. */
    private String host() {
        return address.getPort() < 0
                ? address.getHost()
                : address.getHost() + ":" + address.getPort();
    }
}
