package dev.serinus.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which packages of Debian's programs need, as apt knows it. */
final class DebianDependencies {

    /** For installing, configuring and logging in: nothing of that is done in an image. */
    private static final Pattern NEVER =
            Pattern.compile(
                    "c?debconf.*|dpkg|perl.*|install-info|init-system-helpers|sensible-utils|ucf"
                            + "|adduser|passwd|login|lsb-.*|libpam-.*|util-linux-.*|openssl"
                            + "|.*-common|gcc-.*-base|base-files|libc-bin|systemd.*|libelogind0");

    private static final int MOST = 200;

    private DebianDependencies() {}

    /**
     * These packages and all that they depend on, in a fixed order, without those that are there.
     */
    static List<String> of(Apt apt, List<String> names, List<String> there) {
        Set<String> all = new TreeSet<>();
        List<String> next = new ArrayList<>(names);
        while (!next.isEmpty()) {
            next.removeIf(name -> there.contains(name) || !all.add(name));
            if (all.size() > MOST) {
                throw new IllegalStateException("programs depend on all of Debian: " + all);
            }
            next = next.isEmpty() ? next : needed(ask(apt, next));
        }
        return List.copyOf(all);
    }

    private static String ask(Apt apt, List<String> names) {
        List<String> command =
                new ArrayList<>(
                        apt.command(
                                "apt-cache",
                                "depends",
                                "--no-recommends",
                                "--no-suggests",
                                "--no-conflicts",
                                "--no-breaks",
                                "--no-replaces",
                                "--no-enhances"));
        command.addAll(names);
        return new Program(Path.of("/"), command).output();
    }

    /**
     * Of alternatives the first, and of what several packages provide the first of those.
     *
     * @param told what apt says: a line with a name, then one for each dependency, a bar before all
     *     alternatives but the last, and deeper those that provide what is no package
     */
    static List<String> needed(String told) {
        List<String> needed = new ArrayList<>();
        boolean alternative = false;
        boolean virtual = false;
        for (String line : told.lines().toList()) {
            int colon = line.indexOf("Depends: ");
            if (colon >= 0) {
                String name = line.substring(colon + "Depends: ".length()).strip();
                virtual = !alternative && name.startsWith("<");
                if (!alternative && !virtual) {
                    needed.add(name);
                }
                // What follows a bar is another way to have the same.
                alternative = line.startsWith(" |");
            } else if (virtual && line.startsWith("    ")) {
                needed.add(line.strip());
                virtual = false;
            }
        }
        needed.removeIf(name -> NEVER.matcher(name).matches());
        return needed;
    }
}
