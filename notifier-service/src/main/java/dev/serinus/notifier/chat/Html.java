package dev.serinus.notifier.chat;

/** Texts that are to be read as they are where HTML is expected. */
final class Html {

    private Html() {}

    /** Between tags and in attributes. */
    static String escaped(String text) {
        return betweenTags(text).replace("\"", "&quot;");
    }

    /** Between tags alone, where a quote is itself: not all that reads some HTML knows its name. */
    static String betweenTags(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
