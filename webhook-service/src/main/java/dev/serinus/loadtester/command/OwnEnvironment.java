package dev.serinus.loadtester.command;

/**
 * This process' own environment, which may hold passwords, and which the commands, being of the
 * same user, could read.
 */
public final class OwnEnvironment {

    private static final String STARTING = "jdk.lang.Process.launchMechanism";
    private static final String FORK = "FORK";

    private OwnEnvironment() {}

    /**
     * Closes it to the commands. To be called before all else: with its first look into the
     * environment the JDK settles how it will start processes.
     */
    public static void hide() {
        // Its own way is by a small program that has this environment and is open to all of the
        // user. A forked child is as closed as this process until it becomes the command.
        System.setProperty(STARTING, FORK);
        Posix.hideOwnProcess();
    }

    /** False where the system cannot do that, or nobody asked for it. */
    public static boolean isHidden() {
        return Posix.isOwnProcessHidden() && FORK.equals(System.getProperty(STARTING));
    }
}
