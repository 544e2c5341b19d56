package dev.serinus.schemas.canary;

/**
 * Whether a Canary is only to show what would be done: all is decided and told, nothing written.
 */
public final class DryRun {

    /** Stands for {@code spec.dryRun} where the manifest is somebody else's. */
    public static final String ANNOTATION = "serinus.dev/dry-run";

    private DryRun() {}

    /** True where the Canary's field, its annotation or the installation asks for it. */
    public static boolean isAsked(Canary canary, Installation installation) {
        var annotations = canary.getMetadata().getAnnotations();
        boolean annotated =
                annotations != null && "true".equalsIgnoreCase(annotations.get(ANNOTATION));
        boolean written =
                canary.getSpec() != null && Boolean.TRUE.equals(canary.getSpec().dryRun());
        return installation.dryRun() || annotated || written;
    }
}
