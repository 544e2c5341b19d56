package dev.serinus.images;

import java.util.List;

/** The machines that images are for, as OCI names them. */
final class Platforms {

    static final String AMD64 = "linux/amd64";
    static final String ARM64 = "linux/arm64";
    static final List<String> ALL = List.of(AMD64, ARM64);

    private Platforms() {}

    /** That of this machine. */
    static String own() {
        return System.getProperty("os.arch").equals("aarch64") ? ARM64 : AMD64;
    }

    /** Its processor, such as {@code amd64}. */
    static String architecture(String platform) {
        return platform.substring(platform.indexOf('/') + 1);
    }
}
