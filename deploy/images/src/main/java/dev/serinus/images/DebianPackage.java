package dev.serinus.images;

/** A package of Debian's whose files are in an image. */
record DebianPackage(String name, String version, String architecture) {}
