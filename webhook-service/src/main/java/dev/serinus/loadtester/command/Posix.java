package dev.serinus.loadtester.command;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * What the JDK has no call for: signals to a whole process group, collecting those of its members
 * that nobody waits for, and closing this process' own environment to others of the same user.
 * Where the system has none of them each does nothing and says so.
 */
final class Posix {

    static final int SIGTERM = 15;
    static final int SIGKILL = 9;

    private static final int EXISTS = 0;
    private static final int WNOHANG = 1;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;

    private static final @Nullable MethodHandle KILL = find("kill", JAVA_INT, JAVA_INT);
    private static final @Nullable MethodHandle WAITPID =
            find("waitpid", JAVA_INT, ADDRESS, JAVA_INT);
    private static final @Nullable MethodHandle PRCTL =
            find("prctl", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Posix() {}

    /**
     * Has the system refuse {@code /proc/PID/environ} and the memory of this process to other
     * processes of the same user, which the commands are.
     */
    static void hideOwnProcess() {
        call(PRCTL, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    }

    static boolean isOwnProcessHidden() {
        return call(PRCTL, PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) == 0;
    }

    /** False when there is no such group, or no such call. */
    static boolean signal(long group, int signal) {
        return call(KILL, -Math.toIntExact(group), signal) == 0;
    }

    /** Whether a process of this group is left, once those that ended were collected. */
    static boolean isLeft(long group) {
        int collected = 1;
        while (collected > 0) {
            collected = call(WAITPID, -Math.toIntExact(group), MemorySegment.NULL, WNOHANG);
        }
        return signal(group, EXISTS);
    }

    @SuppressWarnings("restricted") // the C library's own functions, by their documented signatures
    private static @Nullable MethodHandle find(String name, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(
                        function ->
                                linker.downcallHandle(
                                        function,
                                        FunctionDescriptor.of(JAVA_INT, parameters),
                                        options(name)))
                .orElse(null);
    }

    private static Linker.Option[] options(String name) {
        return name.equals("prctl")
                ? new Linker.Option[] {Linker.Option.firstVariadicArg(1)}
                : new Linker.Option[0];
    }

    private static int call(@Nullable MethodHandle function, Object... arguments) {
        if (function == null) {
            return -1;
        }
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("a call of the C library was made wrongly", unexpected);
        }
    }
}
