/**
 * A real Kubernetes control plane as plain processes on this machine: etcd, kube-apiserver,
 * kube-controller-manager, kube-scheduler, and kwok, which plays the kubelets.
 */
@NullMarked
package dev.serinus.testbed;

import org.jspecify.annotations.NullMarked;
