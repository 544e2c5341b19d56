package dev.serinus.schemas.outgoing;

/**
 * Where a connection goes that is none of HTTP.
 *
 * @param name of the host, or its address
 * @param port 1 to 65535
 */
public record Host(String name, int port) {

    public Host {
        if (name.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a host has a name and a port of 1 to 65535");
        }
    }

    /** True where the name alone says that it is this machine. */
    public boolean isLoopback() {
        String bare = HostText.bare(name);
        var spelt = HostText.address(bare);
        return bare.equals("localhost") || (spelt != null && spelt.isLoopbackAddress());
    }
}
