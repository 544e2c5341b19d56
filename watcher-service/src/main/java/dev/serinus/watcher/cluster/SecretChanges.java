package dev.serinus.watcher.cluster;

/** How it is noticed that a Secret has changed. */
public enum SecretChanges {
    /**
     * The Secrets that pods of Canaries read are asked for, one by one: needs the right to get
     * Secrets and costs a request for each of them now and then.
     */
    ASKED,
    /**
     * The metadata of all Secrets is watched: costs nothing at rest, and needs the rights to list
     * and watch Secrets, with which all of them can be read.
     */
    WATCHED
}
