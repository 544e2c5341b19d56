package dev.serinus.watcher.metrics.provider;

import java.time.Duration;
import java.util.Map;

/**
 * An API at an address that is not a template's to choose, asked with a token of who we are there.
 */
record BearerApi(ProviderContext context, String address, Identity identity) {

    /** Who we are. */
    interface Identity {
        /** What authorises us for the next minute at least. */
        String token() throws NoCredentials, InterruptedException;

        /** This token is not taken any more; another one, got meanwhile, stays. */
        void forgetToken(String refused);
    }

    /** Asks by way of what authorises us. */
    interface Asking {
        Answer of(HttpSource source, Forgetting forgetting) throws InterruptedException;
    }

    /** Reads the same, and gets a new token next time where this one is not taken. */
    interface Forgetting {
        HttpSource.ReplyReader<Answer> by(HttpSource.ReplyReader<Answer> reader);
    }

    Answer ask(Duration limit, Asking asking) throws InterruptedException {
        try {
            String token = identity.token();
            return asking.of(
                    new HttpSource(
                            context.with(context.settings().at(address, Map.of("token", token))),
                            null,
                            Map.of("Authorization", "Bearer " + token),
                            limit),
                    reader -> forgetting(token, reader));
        } catch (NoCredentials none) {
            return new Answer.Unavailable(none.because());
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
    }

    private HttpSource.ReplyReader<Answer> forgetting(
            String token, HttpSource.ReplyReader<Answer> reader) {
        return new HttpSource.ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                if (reply.status() == 401) {
                    identity.forgetToken(token);
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
