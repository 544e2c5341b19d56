package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;

/**
 * The directory of an all-in-one: for its owner alone, since records tell what is deployed where,
 * and for one process at a time.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String LOST_AND_FOUND = "lost+found";
    private static final String LOCK = "serinus.lock";
    private static final String ADDRESSES = "serinus.properties";

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Creates it when missing, and takes it; what stands in the way is a sentence. */
    static DataDirectory take(Path path) {
        FileChannel lock = null;
        try {
            if (Files.isDirectory(path) && isSomebodyElses(path)) {
                throw new Refused(
                        List.of(
                                "the data directory %s has other things in it, and would be for Serinus alone: name one of its own, such as --data %s"
                                        .formatted(path, path.resolve("serinus"))));
            }
            Files.createDirectories(path);
            keepPrivate(path, "rwx------");
            lock =
                    FileChannel.open(
                            path.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            keepPrivate(path.resolve(LOCK), "rw-------");
            if (isFree(lock)) {
                return new DataDirectory(path, lock);
            }
            lock.close();
        } catch (IOException trouble) {
            throw new Refused(
                    List.of(
                            "the data directory %s cannot be used: %s. Choose another with --data, or let user %s write there"
                                    .formatted(
                                            path,
                                            ErrorCauses.ofFile(trouble),
                                            System.getProperty("user.name"))));
        }
        throw new Refused(
                List.of(
                        "another Serinus runs with the data directory %s: stop it, or choose another with --data"
                                .formatted(path)));
    }

    /**
     * Refuses a directory that cannot be used, or that another Serinus uses, before anything is
     * begun that needs it.
     */
    public static void check(Path path) {
        try {
            take(path).close();
        } catch (IOException trouble) {
            throw new Refused(
                    List.of(
                            "the data directory %s cannot be used: %s"
                                    .formatted(path, ErrorCauses.ofFile(trouble))));
        }
    }

    private static boolean isTaken(Path path) {
        try (var lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE)) {
            return !isFree(lock);
        } catch (IOException _) {
            return false; // nobody was ever here, or somebody whose files are not ours to read
        }
    }

    private static boolean isFree(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false; // it is this JVM's
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Writes down where this Serinus is, for commands on the same machine. */
    void announce(String bootstrapServers, String url) {
        var addresses = new Properties();
        addresses.setProperty("bootstrap.servers", bootstrapServers);
        addresses.setProperty("url", url);
        Path file = path.resolve(ADDRESSES);
        try (var out = Files.newBufferedWriter(file)) {
            keepPrivate(file, "rw-------");
            addresses.store(out, "where the Serinus that runs here is");
        } catch (IOException trouble) {
            throw new Refused(
                    List.of(
                            "%s cannot be written: %s"
                                    .formatted(file, ErrorCauses.ofFile(trouble))));
        }
    }

    /** Kafka's address of the Serinus that runs with this directory; empty when none does. */
    static String bootstrapServers(Path path) {
        if (!isTaken(path)) {
            return ""; // what a killed one wrote down is still there
        }
        var addresses = new Properties();
        try (var in = Files.newBufferedReader(path.resolve(ADDRESSES))) {
            addresses.load(in);
        } catch (IOException none) {
            return "";
        }
        return addresses.getProperty("bootstrap.servers", "");
    }

    /** Whoever was here before has left a lock; a new file system may have its own folder. */
    private static boolean isSomebodyElses(Path path) throws IOException {
        if (Files.exists(path.resolve(LOCK))) {
            return false;
        }
        try (var files = Files.list(path)) {
            return files.anyMatch(file -> !file.endsWith(LOST_AND_FOUND));
        }
    }

    /** Leaves what belongs to another, such as a volume that is lent to this account's group. */
    private static void keepPrivate(Path file, String permissions) throws IOException {
        var posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (posix == null) {
            return;
        }
        try {
            posix.setPermissions(PosixFilePermissions.fromString(permissions));
        } catch (FileSystemException notOurs) {
            // Only here: whoever checks a directory first says where the log goes afterwards.
            LoggerFactory.getLogger(DataDirectory.class)
                    .atWarn()
                    .addKeyValue("file", file)
                    .log("belongs to another account, so who else can read it is not changed");
        }
    }

    /** Lets go of it; the data stay. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve(ADDRESSES));
        lock.close();
    }
}
