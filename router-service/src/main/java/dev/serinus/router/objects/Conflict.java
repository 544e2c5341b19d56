package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Ref;

/** Somebody else was faster: read again and decide again. */
public final class Conflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** About the object that changed in between. */
    public Conflict(Ref ref) {
        super(ref + " was changed in between", null, false, false);
    }
}
