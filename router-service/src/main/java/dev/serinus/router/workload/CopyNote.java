package dev.serinus.router.workload;

/**
 * What a copy of a config says of itself, which its metadata tell.
 *
 * @param canary name of the Canary that it was made for
 * @param of name of the config that was copied
 * @param content digest of what was copied; empty where an earlier release copied it
 */
public record CopyNote(String canary, String of, String content) {}
