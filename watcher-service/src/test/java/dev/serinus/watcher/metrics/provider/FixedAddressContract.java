package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a provider promises besides, whose address is not the template's to choose. */
abstract class FixedAddressContract extends ProviderContract {

    /** Where it asks. */
    protected abstract String fixed();

    @Override
    protected Optional<String> vendor() {
        return Optional.of(fixed());
    }

    @Override
    protected ProviderHttp reached(ProviderHttp http) {
        return new ProviderHttp() {
            @Override
            public Reply send(Request request) throws NoReply, InterruptedException {
                return http.send(request.to(URI.create(here(request.uri().toString()))));
            }

            @Override
            public String namespace() {
                return http.namespace();
            }
        };
    }

    /** The server of the test that stands for the one at this address. */
    protected String here(String address) {
        return address.replace(fixed(), server.url());
    }

    @Override
    @Test
    void withoutAnAddressItAsksItsVendorOrIsTheManifestsFault() throws Exception {
        assertThat(value(made(settings(null, credentials()), server.http()).ask(query())))
                .isEqualTo(counted(1, 2, 42.5));
    }

    /** There could be nothing at an address that a template names but who wants our credentials. */
    @Override
    @Test
    void anAddressThatIsNoneIsTheManifestsFault() throws Exception {
        for (@Nullable String address : List.of("http://a b", "nowhere", "https://thief.example")) {
            assertThat(value(provider(settings(address, credentials())).ask(query())))
                    .isEqualTo(counted(1, 2, 42.5));
        }
    }

    @Override
    @Test
    void theUserOfAnAddressIsNotTold() {
        String because = provider(settings("http://me:secret@x", credentials())).toString();

        assertThat(because).doesNotContain("secret");
    }

    @Test
    void noHeaderOfATemplateIsSentThere() throws Exception {
        var plain = settings(null, credentials());
        var settings =
                new ProviderSettings(
                        plain.type(),
                        plain.address(),
                        Map.of("X-Of-Template", List.of("one")),
                        plain.secret(),
                        plain.hasSecret(),
                        true,
                        plain.region(),
                        plain.interval());

        provider(settings).ask(query());

        assertThat(server.requests())
                .isNotEmpty()
                .allSatisfy(
                        request ->
                                assertThat(request.headers().keySet())
                                        .noneMatch("X-Of-Template"::equalsIgnoreCase));
    }
}
