package dev.serinus.demo.load;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What makes the load: hey where there is one, else a loop around curl. */
public enum LoadProgram {
    HEY("hey") {
        @Override
        String command(URI canary) {
            return "hey -z 2s -q 15 -c 4 " + canary;
        }
    },
    CURL("curl") {
        @Override
        String command(URI canary) {
            // Says its numbers in the line that the load tester reads of any script.
            return """
            for i in $(seq 60); do curl -s -o /dev/null -m 2 -w '%{http_code} %{time_total}\\n' ADDRESS; done \
            | sort -n -k 2 | awk '{t[NR] = $2 * 1000; if ($1 !~ /^[23]/) bad++}
            function at(share) {return t[int((NR - 1) * share) + 1]}
            END {printf "Serinus-Test-Report: tool=curl, requests=%d, errors=%d, p50-ms=%.1f, p95-ms=%.1f, p99-ms=%.1f\\n",
                 NR, bad, at(0.5), at(0.95), at(0.99)}'\
            """
                    .replace("ADDRESS", canary.toString());
        }
    };

    private final String program;

    LoadProgram(String program) {
        this.program = program;
    }

    /** Its name, as it is started. */
    public String program() {
        return program;
    }

    /** What is run in bash: two seconds of load, or so many requests, one after another. */
    abstract String command(URI canary);

    /** The first of them that is on this path of programs; empty where none is. */
    public static Optional<LoadProgram> on(String path) {
        return Stream.of(values()).filter(each -> each.isOn(path)).findFirst();
    }

    private boolean isOn(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
