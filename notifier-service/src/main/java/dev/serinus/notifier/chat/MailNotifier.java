package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.Mail;
import dev.serinus.notifier.mail.MailServer;

import java.util.Optional;

/** A service that is reached by mail. */
public non-sealed interface MailNotifier extends Notifier {

    @Override
    default Optional<String> wrongAddress(String address) {
        return MailServer.parse(address).isPresent()
                ? Optional.empty()
                : Optional.of("must be smtp://HOST:587 or smtps://HOST:465");
    }

    /** The mail to send. */
    Mail mail(Message message, Destination destination);
}
