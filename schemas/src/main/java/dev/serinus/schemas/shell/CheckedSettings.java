package dev.serinus.schemas.shell;

import java.util.List;

/**
 * Settings that know their bounds. Those of a process are all asked before anything is made of
 * them.
 */
public interface CheckedSettings {

    /** All that is wrong with them, each by its name and without secrets. */
    List<String> problems();
}
