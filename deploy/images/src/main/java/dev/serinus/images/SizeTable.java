package dev.serinus.images;

import dev.serinus.images.layout.Descriptor;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The sizes of images by layer, compressed, in megabytes, as a table in Markdown. */
final class SizeTable {

    private static final double MEGABYTE = 1e6;

    private SizeTable() {}

    static void head(PrintWriter to) {
        to.println("| image | MB | layers | digest |");
        to.println("|---|---|---|---|");
        to.flush();
    }

    static void row(PrintWriter to, String name, OciArchive image) {
        long all = image.layers().stream().mapToLong(OciArchive.Blob::bytes).sum();
        var layers = new StringBuilder();
        for (OciArchive.Blob layer : image.layers()) {
            layers.append(layers.isEmpty() ? "" : ", ")
                    .append(layer.name().isEmpty() ? "base" : layer.name())
                    .append(' ')
                    .append(megabytes(layer.bytes()));
        }
        to.println("| %s | %s | %s | %s |".formatted(name, megabytes(all), layers, image.digest()));
        to.flush();
    }

    /** The row of an index of several platforms, which is as large as they are. */
    static void row(PrintWriter to, String name, Descriptor index, List<OciArchive> images) {
        String platforms =
                images.stream().map(OciArchive::platform).collect(Collectors.joining(", "));
        to.println("| %s | | index of %s | %s |".formatted(name, platforms, index.digest()));
        to.flush();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEGABYTE);
    }
}
