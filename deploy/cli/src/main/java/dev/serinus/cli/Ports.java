package dev.serinus.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Looks for ports that somebody else has, before anything is started that needs them. */
final class Ports {

    private Ports() {}

    static void check(LocalSettings settings) {
        List<String> wrong = new ArrayList<>();
        if (settings.kafka() == null
                && settings.httpPort() != 0
                && settings.httpPort() == settings.brokerPort()) {
            wrong.add(
                    "--http-port and --broker-port are both %d: they are two"
                            .formatted(settings.httpPort()));
        }
        check("--http-host", settings.httpHost(), "--http-port", settings.httpPort(), wrong);
        if (settings.kafka() == null) {
            check("", LocalSettings.LOOPBACK, "--broker-port", settings.brokerPort(), wrong);
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
    }

    private static void check(
            String hostFlag, String host, String portFlag, int port, List<String> wrong) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            wrong.add("%s %s is no address of this machine".formatted(hostFlag, host));
            return;
        }
        try (var socket = new ServerSocket()) {
            // As the servers do: a port that was just closed counts as free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException taken) {
            if (!hostFlag.isEmpty() && !isHere(address)) {
                wrong.add(
                        "%s %s is no address of this machine that can be served (%s)"
                                .formatted(hostFlag, host, taken.getMessage()));
                return;
            }
            wrong.add(
                    "port %d of %s cannot be used (%s): choose another with %s"
                            .formatted(port, host, taken.getMessage(), portFlag));
        }
    }

    /** True where at least some port of the address can be used. */
    private static boolean isHere(InetAddress address) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
