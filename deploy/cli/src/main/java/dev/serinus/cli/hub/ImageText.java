package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.stream.Collectors;

/** Names of images where there is little room, as the dashboard has them. */
final class ImageText {

    /** Of a digest, which is told apart by its beginning. */
    private static final int DIGITS = 12;

    private ImageText() {}

    /** What is behind the last slash of each, digests shortened; empty where none is known. */
    static String shortened(JsonNode images) {
        return Texts.of(images).stream().map(ImageText::shortened).collect(Collectors.joining(","));
    }

    /** True where it is named whole, by what is behind its last slash, or by its tag alone. */
    static boolean isNamed(String image, String name) {
        String tagged = tagged(image);
        int tag = tagged.indexOf(':');
        return isCalled(image, name) || (tag >= 0 && tagged.substring(tag + 1).equals(name));
    }

    /** True where it is named whole, or by what is behind its last slash. */
    static boolean isCalled(String image, String name) {
        String tagged = tagged(image);
        return image.equals(name)
                || last(image).equals(name)
                || (tagged.indexOf(':') >= 0 && tagged.equals(name));
    }

    private static String last(String image) {
        return image.substring(image.lastIndexOf('/') + 1);
    }

    private static String tagged(String image) {
        String last = last(image);
        int digest = last.indexOf('@');
        return digest < 0 ? last : last.substring(0, digest);
    }

    private static String shortened(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        int digest = last.indexOf('@');
        int digits = last.indexOf(':', digest + 1) + 1;
        boolean shorter = digest >= 0 && digits > 0 && last.length() > digits + DIGITS;
        return shorter ? last.substring(0, digits + DIGITS) : last;
    }
}
