package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/**
 * By which names an installation's ingress controllers know what is theirs; Flagger's flags {@code
 * -ingress-class} and {@code -ingress-annotations-prefix}.
 *
 * @param ingressClass of the objects that Contour takes; null where it takes those without one
 * @param annotationsPrefix of the annotations that NGINX reads
 */
public record IngressNames(@Nullable String ingressClass, String annotationsPrefix) {

    /** The prefix of an NGINX controller that was not told another one. */
    public static final String NGINX_PREFIX = "nginx.ingress.kubernetes.io";

    /** No class, and NGINX's own prefix, as in Flagger. */
    public static final IngressNames DEFAULTS = new IngressNames(null, NGINX_PREFIX);

    public IngressNames {
        ingressClass = ingressClass == null || ingressClass.isBlank() ? null : ingressClass;
        if (annotationsPrefix.isBlank()) {
            throw new IllegalArgumentException(
                    "ingress-annotations-prefix must not be empty; NGINX's own is " + NGINX_PREFIX);
        }
    }
}
