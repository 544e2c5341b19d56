package dev.serinus.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/** Finds ports that nobody uses, below the range that the system gives away by itself. */
final class Ports {

    private static final int FIRST = 24_000;
    private static final int LAST = 24_994;

    private Ports() {}

    /** The first of as many free ports in a row as a control plane takes. */
    static int free() {
        // Each process looks from another place on, so that two that start together rarely meet.
        int blocks = (LAST - FIRST) / ControlPlaneDirectory.PORTS;
        int start = (int) (ProcessHandle.current().pid() % blocks);
        return IntStream.range(0, blocks)
                .map(i -> FIRST + (start + i) % blocks * ControlPlaneDirectory.PORTS)
                .filter(Ports::areFree)
                .findFirst()
                .orElseThrow(
                        () ->
                                new Unavailable(
                                        "no %d free ports in a row between %d and %d"
                                                .formatted(
                                                        ControlPlaneDirectory.PORTS, FIRST, LAST)));
    }

    static boolean areFree(int first) {
        return IntStream.range(first, first + ControlPlaneDirectory.PORTS).allMatch(Ports::isFree);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
