/**
 * What each mesh and ingress is and can do: one descriptor for each, in a file of its own. Whoever
 * has to know asks here; no other place reads the text of {@code spec.provider}.
 */
@org.jspecify.annotations.NullMarked
package dev.serinus.schemas.mesh;
