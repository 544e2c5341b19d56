package dev.serinus.images;

import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a JVM needs of a system, from Debian's packages of this machine's release: the C library,
 * with users, and names of hosts looked up as usual. No shell, no package manager, no programs.
 */
final class DebianFiles {

    /**
     * By ldd on every native library of the JVM and of the jars; base-files tells what system it
     * is.
     */
    static final List<String> PACKAGES = List.of("base-files", "libc6", "libgcc-s1", "libstdc++6");

    private static final Map<String, String> ETC =
            Map.of(
                    "passwd",
                    """
                    root:x:0:0:root:/root:/sbin/nologin
                    serinus:x:10001:10001:Serinus:/var/lib/serinus:/sbin/nologin
                    """,
                    "group",
                    """
                    root:x:0:
                    serinus:x:10001:
                    """,
                    "nsswitch.conf",
                    """
                    passwd: files
                    group: files
                    hosts: files dns
                    """);

    private final Path work;
    private final Path unpacked;
    private final List<Entry> entries = new ArrayList<>();
    private final List<DebianPackage> packages = new ArrayList<>();

    private DebianFiles(Path work) {
        this.work = work;
        this.unpacked = work.resolve("unpacked");
    }

    /**
     * Fetches the packages.
     *
     * @param work an empty folder
     */
    static DebianFiles fetch(Path work) throws IOException {
        var files = new DebianFiles(work);
        Files.createDirectories(files.unpacked);
        for (String name : PACKAGES) {
            files.add(name);
        }
        for (var each : ETC.entrySet()) {
            Path file = Files.writeString(work.resolve(each.getKey()), each.getValue());
            files.entries.add(Entry.file(file, "/etc/" + each.getKey()));
        }
        Path folder = Files.createDirectories(work.resolve("empty"));
        files.entries.add(Entry.writable(folder, "/tmp", "777"));
        return files;
    }

    Layer layer() {
        return new Layer("system", entries);
    }

    List<DebianPackage> packages() {
        return List.copyOf(packages);
    }

    private void add(String name) throws IOException {
        Path folder = Files.createDirectories(work.resolve("package-" + name));
        Program.in(folder, "apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", name)
                .output();
        Path archive;
        try (Stream<Path> files = Files.list(folder)) {
            archive = files.findFirst().orElseThrow();
        }
        Path tree = Files.createDirectories(unpacked.resolve(name));
        Program.in(work, "dpkg-deb", "-x", archive.toString(), tree.toString()).output();
        String control = Program.in(work, "dpkg-deb", "-f", archive.toString()).output();
        packages.add(
                new DebianPackage(name, field(control, "Version"), field(control, "Architecture")));
        // Where those look who list what an image without a package manager has in it.
        Path status = Files.writeString(work.resolve("status-" + name), control);
        entries.add(Entry.file(status, "/var/lib/dpkg/status.d/" + name));
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path each : files.sorted().toList()) {
                add(tree, each);
            }
        }
    }

    private void add(Path tree, Path each) throws IOException {
        String path = "/" + tree.relativize(each);
        if (!isWanted(path) || Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path file = target(tree, each);
        if (Files.isRegularFile(file) && !hasAnotherName(each)) {
            entries.add(Entry.file(file, place(path)));
        }
    }

    /**
     * A library is in the image once, by the name that programs ask for, which is that of a link.
     */
    private static boolean hasAnotherName(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return false;
        }
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(file.getParent()))) {
            return beside.filter(Files::isSymbolicLink)
                    .anyMatch(link -> leadsTo(link, String.valueOf(file.getFileName())));
        }
    }

    private static boolean leadsTo(Path link, String name) {
        try {
            return Files.readSymbolicLink(link).toString().equals(name);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isWanted(String path) {
        if (path.contains("/gconv/") || path.contains("/audit/")) {
            return false; // other encodings than the JVM's own, and a debugger's hooks
        }
        return path.matches("(/usr)?/lib(64)?/(.+/)?[^/]+\\.so(\\.[0-9]+)*")
                || path.matches("/usr/share/doc/.+/copyright")
                || path.equals("/usr/lib/os-release")
                || path.equals("/etc/debian_version");
    }

    /**
     * Libraries lie in /lib, to which no link from /usr/lib is needed then, nor the other way
     * round.
     */
    private static String place(String path) {
        if (path.equals("/usr/lib/os-release")) {
            return "/etc/os-release";
        }
        return path.startsWith("/usr/lib") ? path.substring("/usr".length()) : path;
    }

    /** What a link leads to within the package; what leads out of it is none of its files. */
    private static Path target(Path tree, Path each) throws IOException {
        Path at = each;
        while (Files.isSymbolicLink(at)) {
            Path to = Files.readSymbolicLink(at);
            at =
                    to.isAbsolute()
                            ? tree.resolve(
                                    "/".equals(to.toString()) ? "" : to.toString().substring(1))
                            : at.resolveSibling(to).normalize();
        }
        return at;
    }

    private static String field(String control, String name) {
        return control.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a package without " + name));
    }
}
