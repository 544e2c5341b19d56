package dev.serinus.schemas.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built.
 *
 * @param version of the project, such as {@code 0.1.0}
 * @param commit the sources' commit, in short; empty when they were built without their history
 * @param modified whether they differed from that commit
 */
public record Version(String version, String commit, boolean modified) {

    private static final String FILE = "version.properties";

    /** That of this build. */
    public static Version current() {
        var found = new Properties();
        try (var in = Version.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the build puts " + FILE + " beside this class");
            }
            found.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        String commit = found.getProperty("commit", "");
        return new Version(
                found.getProperty("version", ""),
                commit.startsWith("$") ? "" : commit, // nobody filled it in
                Boolean.parseBoolean(found.getProperty("modified")));
    }

    /** For people, such as {@code Serinus 0.1.0 (commit 0123456789ab)}. */
    public String line() {
        if (commit.isEmpty()) {
            return "Serinus " + version;
        }
        return "Serinus %s (commit %s%s)".formatted(version, commit, modified ? ", modified" : "");
    }
}
