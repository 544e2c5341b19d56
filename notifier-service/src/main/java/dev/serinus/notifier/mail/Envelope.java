package dev.serinus.notifier.mail;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * From whom and to whom mails of one provider go.
 *
 * @param from an address; empty where there is none
 * @param to addresses
 * @param user who we are at the server; null where it does not ask
 * @param password of this user
 */
public record Envelope(
        String from, List<String> to, @Nullable String user, @Nullable String password) {

    /** Of providers that send no mails. */
    public static final Envelope NONE = new Envelope("", List.of(), null, null);

    public Envelope {
        to = List.copyOf(to);
    }

    /** True where the server is told who we are. */
    public boolean logsIn() {
        return user != null || password != null;
    }

    /** Leaves out the password, and whose it is. */
    @Override
    public String toString() {
        return "Envelope[" + to.size() + " receivers]";
    }
}
