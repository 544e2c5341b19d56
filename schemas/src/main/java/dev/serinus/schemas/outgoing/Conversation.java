package dev.serinus.schemas.outgoing;

import java.io.IOException;
import java.net.Socket;

/** What is said over one connection, in a protocol other than HTTP. */
@FunctionalInterface
public interface Conversation<T> {

    /**
     * Has it, and returns what came of it. The connection ends with it, or when its time is over.
     *
     * @param socket is connected, and its address has the name of the host, for whoever compares a
     *     certificate with it; nobody looks a name up again
     */
    T over(Socket socket) throws IOException;
}
