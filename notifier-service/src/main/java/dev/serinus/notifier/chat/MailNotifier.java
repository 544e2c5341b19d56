package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.Mail;

/** A service that is reached by mail. */
public non-sealed interface MailNotifier extends Notifier {

    /** The mail to send. */
    Mail mail(Message message, Destination destination);
}
