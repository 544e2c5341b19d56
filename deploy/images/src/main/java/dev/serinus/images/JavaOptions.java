package dev.serinus.images;

import java.util.ArrayList;
import java.util.List;

/**
 * The options with which an image starts its JVM: those of a file beside the images' README, with
 * every jar of ours by its name. What a folder's wildcard stands for comes in the order of the file
 * system, which differs from node to node, and an ahead-of-time cache fits one order only; behind
 * it there may be more.
 */
final class JavaOptions {

    /** Where the image has them. */
    static final String FILE = "/opt/serinus/java.options";

    /** Where the image has the jar that it runs, and the libraries. */
    static final String APP = "/opt/serinus/app/";

    static final String LIBRARIES = "/opt/serinus/lib/";

    /** What users put behind ours; nothing is there in the images themselves. */
    private static final String MORE = "/opt/serinus/more/*";

    private static final String WILDCARDS = "-cp " + APP + "*:" + LIBRARIES + "*:" + MORE;

    /** Where the image has the ahead-of-time cache of its JVM, if it has one. */
    static final String CACHES = "/opt/serinus/aot/";

    private JavaOptions() {}

    /**
     * The same options for a JVM that starts with a cache. One that does not fit, as for other
     * flags, is passed over by the JVM with a warning.
     *
     * @param cache path in the image
     */
    static String withCache(String options, String cache) {
        return "-XX:AOTCache=" + cache + "\n" + options;
    }

    /**
     * @param lines of the file
     * @param jars paths in the image, in order
     * @param more lines after it, such as the main class
     * @throws IllegalStateException if the file does not take the jars from where they are
     */
    static String of(List<String> lines, List<String> jars, List<String> more) {
        if (!lines.contains(WILDCARDS)) {
            throw new IllegalStateException("the options of an image have the line " + WILDCARDS);
        }
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            if (line.equals(WILDCARDS)) {
                all.add("-cp " + String.join(":", jars) + ":" + MORE);
            } else if (!line.startsWith("#")) {
                all.add(line);
            }
        }
        all.addAll(more);
        return String.join("\n", all) + "\n";
    }
}
