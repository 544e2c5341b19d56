package dev.serinus.schemas.outgoing;

import java.nio.ByteBuffer;

/** A message that came over a WebSocket, whole. */
public sealed interface SocketMessage {

    /** A text. */
    record Text(String text) implements SocketMessage {
        /** Leaves out the text, which may echo a secret. */
        @Override
        public String toString() {
            return "Text[" + text.length() + "]";
        }
    }

    /** Bytes, which nobody changes. */
    record Binary(ByteBuffer bytes) implements SocketMessage {
        public Binary {
            bytes = bytes.asReadOnlyBuffer();
        }
    }
}
