package dev.serinus.analysis.stream;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this instance is, kept in its state directory: a process that was killed and started again
 * there is the same member of the group and the same transactional producer. Held by a lock, since
 * two with one identity would throw each other out for ever.
 */
public final class Instance implements AutoCloseable {

    private static final String TOPOLOGY = "topology";

    private final Path directory;
    private final String id;
    private final FileChannel lock;

    private Instance(Path directory, String id, FileChannel lock) {
        this.directory = directory;
        this.id = id;
        this.lock = lock;
    }

    /** Takes the identity of a directory, or makes one. */
    public static Instance in(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new IllegalStateException(
                        directory
                                + " belongs to an analysis service that is running: give this one"
                                + " its own directory with SERINUS_STATE_DIR");
            }
            return new Instance(directory, id(directory.resolve("instance-id")), channel);
        } catch (IOException unusable) {
            throw unusable(directory, unusable);
        }
    }

    String id() {
        return id;
    }

    /**
     * True if this is the topology with which it joined last, as {@link TopologyChange#of} says.
     */
    boolean joinedWith(String topology) {
        try {
            Path file = directory.resolve(TOPOLOGY);
            return Files.exists(file) && Files.readString(file).equals(topology);
        } catch (IOException unusable) {
            throw unusable(directory, unusable);
        }
    }

    /** Notes the topology with which it joins from now on. */
    void joinsWith(String topology) {
        try {
            Files.writeString(directory.resolve(TOPOLOGY), topology);
        } catch (IOException unusable) {
            throw unusable(directory, unusable);
        }
    }

    private static UncheckedIOException unusable(Path directory, IOException cause) {
        return new UncheckedIOException(
                "the state directory " + directory + " is not usable", cause);
    }

    private static String id(Path file) throws IOException {
        if (Files.exists(file)) {
            String found = Files.readString(file).strip();
            if (!found.isEmpty()) {
                return found;
            }
        }
        String made = UUID.randomUUID().toString();
        Files.writeString(file, made);
        return made;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
