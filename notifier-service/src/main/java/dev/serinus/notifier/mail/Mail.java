package dev.serinus.notifier.mail;

/**
 * One mail, as text and as HTML that says the same.
 *
 * @param key of the message: the same for the same message, however often it is sent
 * @param speaker name shown for who sends it
 * @param subject one line
 * @param text plain
 * @param html a whole document
 */
public record Mail(
        String key, Envelope envelope, String speaker, String subject, String text, String html) {

    public Mail {
        speaker = line(speaker);
        subject = line(subject);
    }

    /** Its Message-ID, by which servers and readers know one that comes again. */
    public String id() {
        return "<%s@%s>".formatted(key, domain());
    }

    /** The sender's domain. */
    String domain() {
        return envelope.from().substring(envelope.from().lastIndexOf('@') + 1);
    }

    /** What would end a header, and begin another one, is a blank. */
    private static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\u0085\u2028\u2029]+", " ").strip();
    }

    /** Without what it says, and to whom. */
    @Override
    public String toString() {
        return "Mail[" + key + "]";
    }
}
