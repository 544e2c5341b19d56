package dev.serinus.bench.process;

import java.time.Duration;
import java.util.List;

/** Reads what Linux tells of a process in {@code /proc/PID}. */
final class ProcFiles {

    /**
     * The unit of times in {@code /proc}: USER_HZ, which is 100 on every platform that a JDK runs
     * on.
     */
    private static final Duration TICK = Duration.ofMillis(10);

    /** Places in {@code stat} after the name, which is the second field: 14 and 15 of all. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    private ProcFiles() {}

    /** The time all threads have run, in user and kernel mode, dead threads included. */
    static Duration cpu(String stat) {
        // The name is in brackets and may itself have blanks and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +");
        if (fields.length <= STIME) {
            throw new IllegalArgumentException("no times in /proc/PID/stat: " + stat);
        }
        return TICK.multipliedBy(Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]));
    }

    /** The value of a line such as {@code VmRSS: 1234 kB}, in mebibytes. */
    static double mebibytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().split(" +"))
                .filter(words -> words.length == 2 && words[1].equals("kB"))
                .mapToDouble(words -> Long.parseLong(words[0]) / 1024.0)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no " + name + " in kB in /proc/PID/status"));
    }
}
