package dev.serinus.images;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * A program that is built of a Go module.
 *
 * @param module a package with its version, as {@code go install} takes it
 * @param name what it is called in the image
 * @param folder of the module in which it is built, where {@code go install} refuses it since its
 *     own replaces others; else null
 */
record GoProgram(String module, String name, @Nullable Path folder) {

    /**
     * Reads {@code PACKAGE@VERSION [as NAME] [in FOLDER]}.
     *
     * @param file that has it; folders are beside it
     */
    static GoProgram read(String line, Path file) {
        List<String> words = List.of(line.strip().split(" +"));
        String module = words.getFirst();
        String name = packagePath(module).substring(packagePath(module).lastIndexOf('/') + 1);
        Path folder = null;
        for (int at = 1; at < words.size(); at += 2) {
            String value = at + 1 < words.size() ? words.get(at + 1) : "";
            if (words.get(at).equals("as") && !value.isEmpty()) {
                name = value;
            } else if (words.get(at).equals("in") && !value.isEmpty()) {
                folder = file.resolveSibling(value);
            } else {
                throw new IllegalStateException(
                        file + ": behind PACKAGE@VERSION may stand as NAME and in FOLDER: " + line);
            }
        }
        return new GoProgram(module, name, folder);
    }

    String packagePath() {
        return packagePath(module);
    }

    String version() {
        return module.substring(module.indexOf('@') + 1);
    }

    private static String packagePath(String module) {
        return module.replaceFirst("@.*", "");
    }
}
