package dev.serinus.dataplane.proxy;

import dev.serinus.testbed.ProcessReaper;
import dev.serinus.testbed.Unavailable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that runs until it is closed, and no longer than this JVM; it writes to a log. */
record ProxyProcess(Process process, ProcessReaper reaper) implements AutoCloseable {

    static ProxyProcess start(
            String name, List<String> command, Map<String, String> environment, Path directory) {
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve(name + ".log").toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            return new ProxyProcess(process, ProcessReaper.of(List.of(process.pid())));
        } catch (IOException trouble) {
            throw new Unavailable(name + " cannot be started: " + trouble.getMessage());
        }
    }

    @Override
    public void close() {
        reaper.dismiss();
        process.destroyForcibly();
    }
}
