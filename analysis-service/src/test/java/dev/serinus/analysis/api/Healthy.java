package dev.serinus.analysis.api;

import dev.serinus.schemas.shell.ServiceHealth;

/** A service that lacks nothing. */
record Healthy() implements ServiceHealth {

    @Override
    public boolean alive() {
        return true;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public String missing() {
        return "";
    }
}
