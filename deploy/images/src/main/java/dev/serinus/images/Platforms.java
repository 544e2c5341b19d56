package dev.serinus.images;

import java.util.List;
import java.util.Map;

/** The machines that images are for, as OCI names them. */
final class Platforms {

    static final String AMD64 = "linux/amd64";
    static final String ARM64 = "linux/arm64";
    static final List<String> ALL = List.of(AMD64, ARM64);

    private static final Map<String, String> IN_JAVA = Map.of(AMD64, "x86_64", ARM64, "aarch64");

    private Platforms() {}

    /** That of this machine. */
    static String own() {
        return System.getProperty("os.arch").equals("aarch64") ? ARM64 : AMD64;
    }

    /** Its processor, as the file {@code release} of a JDK names it. */
    static String javaArchitecture(String platform) {
        return IN_JAVA.getOrDefault(platform, "");
    }

    /** Its processor, such as {@code amd64}. */
    static String architecture(String platform) {
        return platform.substring(platform.indexOf('/') + 1);
    }
}
