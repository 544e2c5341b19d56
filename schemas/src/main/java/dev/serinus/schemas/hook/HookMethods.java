package dev.serinus.schemas.hook;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** By which methods a webhook may be called. */
public final class HookMethods {

    public static final SortedSet<String> ALL =
            Collections.unmodifiableSortedSet(
                    new TreeSet<>(List.of("DELETE", "GET", "PATCH", "POST", "PUT")));

    private HookMethods() {}
}
