package dev.serinus.testbed.junit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a test class on a real Kubernetes control plane, in a namespace of its own that is taken
 * away afterwards. One control plane is started for all classes of a JVM, or the one is used whose
 * directory the system property {@code serinus.testbed.dir} names; {@code
 * serinus.testbed.permissive=true} gives a new one definitions that accept any field.
 *
 * <p>Constructors and methods may take a {@link TestBed}, or a {@code KubernetesClient} that may do
 * everything. Classes that run at the same time in a JVM take turns: Serinus sees a whole cluster,
 * and two of it would work on each other's Canaries. Where the control plane's programs were not
 * built the tests are skipped with a word about it: {@code deploy/serinus testbed build}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(TestBedExtension.class)
@ResourceLock("dev.serinus.testbed.shared")
public @interface OnTestBed {}
