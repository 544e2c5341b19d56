package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A socket that bounds what is read of it, and takes room for it: libraries read lines of any
 * length. What TLS is spoken over it counts as it came.
 */
final class MeasuredSocket extends Socket {

    private final int most;
    private final Transport.Allowance allowance;
    private int read; // guarded by this
    private @Nullable IOException stopped; // guarded by this

    /**
     * @param most bytes that may be read
     */
    MeasuredSocket(int most, Transport.Allowance allowance) {
        this.most = most;
        this.allowance = allowance;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Measured(super.getInputStream());
    }

    /** Why nothing more is read; null where all was. TLS has it as a failure of its own. */
    synchronized @Nullable IOException stopped() {
        return stopped;
    }

    private synchronized void count(int more) throws IOException {
        if (stopped == null && more > most - read) {
            stopped = new Trouble.TooLong(most);
        } else if (stopped == null && !allowance.take(more)) {
            stopped = new Trouble.NoRoom();
        }
        if (stopped != null) {
            throw stopped;
        }
        read += more;
    }

    private final class Measured extends InputStream {
        private final InputStream in;

        Measured(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            if (one >= 0) {
                count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int got = in.read(into, from, length);
            if (got > 0) {
                count(got);
            }
            return got;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
