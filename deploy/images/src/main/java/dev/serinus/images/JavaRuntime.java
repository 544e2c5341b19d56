package dev.serinus.images;

import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A JDK, cut down to the modules that Serinus uses. */
final class JavaRuntime {

    /** Where an image has it. */
    static final String HOME = "/opt/java";

    /** What the jars name, by jdeps. */
    static final List<String> NAMED =
            List.of(
                    "java.base",
                    "java.compiler",
                    "java.desktop",
                    "java.management",
                    "java.naming",
                    "java.net.http",
                    "java.rmi",
                    "java.scripting",
                    "java.security.jgss",
                    "java.security.sasl",
                    "java.sql",
                    "jdk.jfr",
                    "jdk.management",
                    "jdk.unsupported");

    /**
     * What is found by name at run time: agents of a user, Kerberos, names in DNS, jars as file
     * systems; and jcmd, to look into a process.
     */
    static final List<String> LOADED =
            List.of(
                    "java.instrument",
                    "jdk.jcmd",
                    "jdk.naming.dns",
                    "jdk.net",
                    "jdk.security.jgss",
                    "jdk.zipfs");

    private JavaRuntime() {}

    /**
     * Links it, by the JDK that this runs on.
     *
     * @param work a folder that is empty or not there yet
     */
    static Layer link(Jdk jdk, Path work) throws IOException {
        Files.createDirectories(work);
        Path out = work.resolve("java");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Jdk.own().home().resolve("bin/jlink").toString(),
                                "--add-modules",
                                String.join(
                                        ",",
                                        Stream.concat(NAMED.stream(), LOADED.stream()).toList()),
                                "--no-header-files",
                                "--no-man-pages",
                                // Of Debian's modules: 630 MB for a debugger.
                                "--exclude-files",
                                "**.debuginfo",
                                "--output",
                                out.toString()));
        jdk.modules()
                .ifPresent(folder -> command.addAll(List.of("--module-path", folder.toString())));
        var _ = Program.run(work, command).output();
        if (jdk.isOwn()) {
            // What jlink makes has none for compact headers, with which the all-in-one runs.
            shareClasses(out, "-XX:-UseCompactObjectHeaders");
            shareClasses(out, "-XX:+UseCompactObjectHeaders");
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(out)) {
            files.filter(Files::isRegularFile)
                    .forEach(
                            file ->
                                    entries.add(
                                            Entry.file(file, HOME + "/" + out.relativize(file))));
        }
        return new Layer("java", entries);
    }

    /** Writes the archive of the JDK's own classes from which JVMs with this option start. */
    private static void shareClasses(Path home, String option) {
        Program.in(
                        home,
                        home.resolve("bin/java").toString(),
                        "-Xshare:dump",
                        "-XX:+UseSerialGC",
                        "-Xms128m",
                        "-Xmx128m",
                        option)
                .output();
    }
}
