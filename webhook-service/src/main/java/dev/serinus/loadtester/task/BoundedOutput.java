package dev.serinus.loadtester.task;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a task wrote, within a bound: of more than that the first quarter and the last three are
 * kept, and how much is missing between.
 */
public final class BoundedOutput {

    private final byte[] head;
    private final byte[] tail;
    private long written;

    /** Keeps so many bytes. */
    public BoundedOutput(int most) {
        this.head = new byte[most / 4];
        this.tail = new byte[most - head.length];
    }

    /** A text within so many bytes. */
    public static String of(String text, int most) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length <= most) {
            return text;
        }
        var bounded = new BoundedOutput(most);
        bounded.write(bytes, bytes.length);
        return bounded.text();
    }

    /** Takes the first {@code count} of these. */
    public synchronized void write(byte[] bytes, int count) {
        for (int each = 0; each < count; each++) {
            if (written < head.length) {
                head[(int) written] = bytes[each];
            } else {
                tail[(int) ((written - head.length) % tail.length)] = bytes[each];
            }
            written++;
        }
    }

    /** What is kept, as text. */
    public synchronized String text() {
        long after = written - head.length;
        String first = new String(head, 0, (int) Math.min(written, head.length), UTF_8);
        if (after <= 0) {
            return first;
        }
        if (after <= tail.length) {
            return new String(joined(head, tail, (int) after), UTF_8);
        }
        int from = (int) (after % tail.length);
        byte[] last = new byte[tail.length];
        System.arraycopy(tail, from, last, 0, tail.length - from);
        System.arraycopy(tail, 0, last, tail.length - from, from);
        return "%s%n... %d bytes are left out ...%n%s"
                .formatted(first, after - tail.length, new String(last, UTF_8));
    }

    private static byte[] joined(byte[] head, byte[] tail, int ofTail) {
        byte[] all = new byte[head.length + ofTail];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, head.length, ofTail);
        return all;
    }
}
