package dev.serinus.images;

/** A package of Debian's whose files are in an image. */
record DebianPackage(String name, String version, String architecture) {

    /** What bills of materials call it. */
    String packageUrl() {
        return "pkg:deb/debian/%s@%s?arch=%s".formatted(name, version, architecture);
    }
}
