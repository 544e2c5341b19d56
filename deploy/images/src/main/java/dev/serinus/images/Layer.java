package dev.serinus.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Files that change together. The same files always give the same layer, whenever and wherever they
 * were written.
 */
record Layer(String name, List<Entry> entries) {

    private static final String ROOT = "0:0";

    /** The user and group that an image runs as. */
    static final String USER = "10001:10001";

    Layer {
        entries = entries.stream().sorted(Comparator.comparing(Entry::target)).toList();
    }

    /**
     * A file or folder.
     *
     * @param source on this machine; of a link, what it leads to
     * @param target its path in the image
     */
    record Entry(Path source, String target, String permissions, String owner) {

        /** Root's, and read and run by everybody. */
        static Entry file(Path source, String target) {
            return new Entry(source, target, Files.isExecutable(source) ? "755" : "644", ROOT);
        }

        /** A folder that the processes of the image write to. */
        static Entry writable(Path empty, String target, String permissions) {
            return new Entry(empty, target, permissions, USER);
        }
    }

    FileEntriesLayer forJib(Instant time) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (Entry each : entries) {
            layer.addEntry(
                    each.source(),
                    AbsoluteUnixPath.get(each.target()),
                    FilePermissions.fromOctalString(each.permissions()),
                    time,
                    each.owner());
        }
        return layer.build();
    }
}
