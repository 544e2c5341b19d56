package dev.serinus.trials.real;

import dev.serinus.testbed.Rights;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The same rights in one namespace only, as the manifests' README says how to make them. */
record OneNamespace(TestBed bed) {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** Makes Roles of the ClusterRoles, RoleBindings of the bindings. */
    void grant() {
        for (GenericKubernetesResource object : Rights.read()) {
            switch (object.getKind()) {
                case "ClusterRole" -> create(role(YAML.convertValue(object, ClusterRole.class)));
                case "ClusterRoleBinding" ->
                        create(binding(YAML.convertValue(object, ClusterRoleBinding.class)));
                default -> {
                    // Who impersonates an account does not need the account.
                }
            }
        }
    }

    private void create(io.fabric8.kubernetes.api.model.HasMetadata object) {
        var _ = bed.admin().resource(object).create();
    }

    private RoleBuilder named(String name) {
        return new RoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(bed.namespace())
                .endMetadata();
    }

    private io.fabric8.kubernetes.api.model.rbac.Role role(ClusterRole role) {
        return named(role.getMetadata().getName()).withRules(role.getRules()).build();
    }

    private io.fabric8.kubernetes.api.model.rbac.RoleBinding binding(ClusterRoleBinding binding) {
        var subjects = binding.getSubjects();
        subjects.forEach(subject -> subject.setNamespace(bed.namespace()));
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withName(binding.getMetadata().getName())
                .withNamespace(bed.namespace())
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", binding.getRoleRef().getName())
                .withSubjects(subjects)
                .build();
    }

    /** A client of this user's account in this namespace. */
    KubernetesClient client(User user) {
        String account = user.username().substring(user.username().lastIndexOf(':') + 1);
        var config =
                new ConfigBuilder(bed.admin().getConfiguration())
                        .withImpersonateUsername(
                                "system:serviceaccount:%s:%s".formatted(bed.namespace(), account))
                        .withImpersonateGroups("system:serviceaccounts")
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
