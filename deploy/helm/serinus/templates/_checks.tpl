{{- /* What is wrong with the values, a line for each: what no schema can say. */ -}}
{{- define "serinus.problems" -}}
{{- $v := .Values -}}
{{- if and (ne $v.mode "all-in-one") (not $v.kafka.bootstrapServers) }}
kafka.bootstrapServers: missing; mode {{ $v.mode }} needs an existing Kafka, only the all-in-one has a broker of its own
{{- end }}
{{- if and (eq $v.mode "edge") (not $v.clusterName) }}
clusterName: missing; the hub tells its clusters apart by it
{{- end }}
{{- if and $v.slack.url (not $v.msteams.url) (not $v.slack.channel) }}
slack.channel: missing; slack.url needs the channel in which it is told
{{- end }}
{{- if and $v.namespace $v.metricsServerTemplate (ne $v.namespace (first (splitList "/" $v.metricsServerTemplate))) }}
metricsServerTemplate: is in another namespace than {{ $v.namespace }}, which is all that may be read where namespace is set
{{- end }}
{{- if and $v.api.auth.oidc.issuer (not $v.api.auth.oidc.audience) }}
api.auth.oidc.audience: missing; tokens that were made for somebody else are refused by it
{{- end }}
{{- if and (eq $v.mode "edge") (or $v.api.auth.tokensSecret $v.api.auth.oidc.issuer $v.api.auth.rules) }}
api.auth: is for the hub, whose analysis has the API; mode edge has none
{{- end }}
{{- if and $v.api.auth.rules (not $v.api.auth.tokensSecret) (not $v.api.auth.oidc.issuer) }}
api.auth.rules: are about those who log in; set api.auth.tokensSecret or api.auth.oidc.issuer
{{- end }}
{{- with $v.api.auth.login }}
{{- if .clientId }}
{{- if not $v.api.auth.oidc.issuer }}
api.auth.login.clientId: says nothing without api.auth.oidc.issuer, at which people log in
{{- end }}
{{- if not .clientSecret }}
api.auth.login.clientSecret: missing; it names the Secret with the client's secret (key client-secret), by which sessions are sealed as well
{{- end }}
{{- if not .publicUrl }}
api.auth.login.publicUrl: missing; the provider sends people back there
{{- end }}
{{- else if or .clientSecret .publicUrl }}
api.auth.login.clientId: missing; the others say nothing without it
{{- end }}
{{- end }}
{{- if $v.controlplane.kubeconfig.secretName }}
controlplane.kubeconfig.secretName: not supported, routes are written to the cluster of the Canary; install Serinus in the cluster where the mesh is configured
{{- end }}
{{- $kafkas := dict "kafka" $v.kafka }}
{{- range $service, $own := $v.services }}{{- with $own.kafka }}{{- $_ := set $kafkas (printf "services.%s.kafka" $service) . }}{{- end }}{{- end }}
{{- range $where, $kafka := $kafkas }}
{{- range $name, $_ := $kafka.properties }}
{{- if regexMatch "(password|jaas|secret|\\.key$|user\\.info)" $name }}
{{ $where }}.properties.{{ $name }}: a secret; put it under {{ $where }}.secretProperties, or into the Secret that {{ $where }}.existingSecret names
{{- end }}
{{- end }}
{{- range $which, $all := dict "properties" $kafka.properties "secretProperties" $kafka.secretProperties }}
{{- if hasKey (default dict $all) "bootstrap.servers" }}
{{ $where }}.{{ $which }}.bootstrap.servers: is kafka.bootstrapServers
{{- end }}
{{- end }}
{{- if and (ne $where "kafka") (eq $v.mode "all-in-one") }}
{{ $where }}: is for modes hub and edge; the all-in-one has one account, under kafka
{{- end }}
{{- end }}
{{- if and (not $v.kafka.bootstrapServers) (or $v.kafka.properties $v.kafka.secretProperties $v.kafka.existingSecret $v.kafka.filesSecret $v.kafka.topics.existingSecret $v.kafka.topics.filesSecret) }}
kafka.bootstrapServers: missing; the other settings under kafka are for an existing Kafka
{{- end }}
{{- if and $v.kafka.topics.properties (not (include "serinus.topicsAccount" .)) }}
kafka.topics.properties: is for an account that makes topics alone; name it with kafka.topics.existingSecret or kafka.topics.filesSecret
{{- end }}
{{- if and $v.loadtester.jobs.serviceAccountName (not $v.loadtester.jobs.namespaces) }}
loadtester.jobs.namespaces: missing; loadtester.jobs.serviceAccountName is that of Jobs, which are made in these namespaces alone
{{- end }}
{{- if and $v.loadtester.jobs.namespaces (not $v.loadtester.enabled) }}
loadtester.jobs.namespaces: is for a load tester; set loadtester.enabled
{{- end }}
{{- with $v.loadtester.jobs.namespaces }}
{{- if has $.Release.Namespace . }}
loadtester.jobs.namespaces: has {{ $.Release.Namespace }}, the namespace of this release; a Job there may mount the Secrets of Serinus
{{- end }}
{{- $commands := $v.loadtester.types | default (list "cmd") | has "cmd" }}
{{- range list "bash" "helm" "helmv3" "kubectl" }}{{- if has . $v.loadtester.types }}{{- $commands = true }}{{- end }}{{- end }}
{{- $elsewhere := empty $v.loadtester.namespaces }}
{{- range $v.loadtester.namespaces }}{{- if not (has . $v.loadtester.jobs.namespaces) }}{{- $elsewhere = true }}{{- end }}{{- end }}
{{- if and $commands $elsewhere (not $v.loadtester.jobs.besideCommands) }}
loadtester.jobs.namespaces: commands of hooks have the rights for Jobs there too, also those of other namespaces; leave commands out (loadtester.types: [job]), serve these namespaces alone (loadtester.namespaces), or say that it is meant (loadtester.jobs.besideCommands: true)
{{- end }}
{{- end }}
{{- if and $v.loadtester.kafka.enabled (not $v.kafka.bootstrapServers) }}
loadtester.kafka.enabled: needs an existing Kafka, kafka.bootstrapServers; the broker of the all-in-one is reached from its own process alone
{{- end }}
{{- if and (not $v.loadtester.kafka.enabled) (or $v.loadtester.kafka.properties $v.loadtester.kafka.existingSecret $v.loadtester.kafka.filesSecret) }}
loadtester.kafka.enabled: false; the other settings under loadtester.kafka are for gates that are kept in Kafka
{{- end }}
{{- if and $v.persistence.existingClaim (ne $v.mode "all-in-one") }}
persistence.existingClaim: is for mode all-in-one; each analysis of a hub has a claim of its own
{{- end }}
{{- end -}}

{{- /* What is set and has no effect here, or another one, a line for each. */ -}}
{{- define "serinus.notices" -}}
{{- $v := .Values -}}
{{- if include "serinus.isFlaggersImage" . }}
image.repository names Flagger's image: Serinus' own is used, with its tag.
{{- end }}
{{- $inject := toString (get (default dict $v.podAnnotations) "linkerd.io/inject") }}
{{- if and $v.linkerdAuthPolicy.create (eq $inject "disabled") }}
linkerdAuthPolicy.create lets an account in that only pods in Linkerd's mesh can show, and podAnnotations keeps the pods out of it.
{{- end }}
{{- if and (not $v.linkerdAuthPolicy.create) (contains "linkerd-viz" (default "" $v.metricsServer)) }}
metricsServer is in namespace linkerd-viz, whose Prometheus lets nobody in who is not allowed: linkerdAuthPolicy.create allows it, and puts who asks into Linkerd's mesh.
{{- end }}
{{- if $v.leaderElection.enabled }}
leaderElection.enabled has no effect: Kafka sees to it that each Canary has one who decides.
{{- end }}
{{- if gt (int (default 1 $v.leaderElection.replicaCount)) 1 }}
leaderElection.replicaCount has no effect: the all-in-one is one process; mode hub and services.analysis.replicas run several.
{{- end }}
{{- if $v.threadiness }}
threadiness has no effect: Canaries are handled side by side.
{{- end }}
{{- if or $v.kubeconfigQPS $v.kubeconfigBurst }}
kubeconfigQPS and kubeconfigBurst have no effect: requests are bounded by what is under way.
{{- end }}
{{- if $v.prometheus.install }}
prometheus.install has no effect: this chart brings no Prometheus. Install one (the chart prometheus-community/prometheus, say) and name it with metricsServer; built-in checks now ask {{ regexReplaceAll "//[^/?#]*@" (include "serinus.metricsServer" .) "//" }}.
{{- end }}
{{- if and $v.metricsServerTemplate (ne (include "serinus.metricsServer" .) "http://prometheus:9090") }}
metricsServer has no effect: the MetricTemplate {{ $v.metricsServerTemplate }} says which server is asked.
{{- end }}
{{- if $v.rbac.pspEnabled }}
rbac.pspEnabled has no effect: Kubernetes has no pod security policies since 1.25. Pods are as pod security "restricted" wants them.
{{- end }}
{{- if $v.podDisruptionBudget.minAvailable }}
podDisruptionBudget.minAvailable has no effect: with one pod it would keep nodes from being drained. podDisruptionBudget.maxUnavailable is used.
{{- end }}
{{- if not $v.crd.create }}
crd.create is false: the resource definitions are yours to bring and to keep up, before each upgrade too:
    serinus crds | kubectl apply --server-side --force-conflicts -f -
{{- end }}
{{- if and (eq $v.mode "all-in-one") (not $v.persistence.enabled) (not $v.kafka.bootstrapServers) }}
persistence.enabled is false: what is remembered of rollouts goes with the pod. They are taken up from the cluster again, their history is lost.
{{- end }}
{{- if and $v.slack.url $v.msteams.url }}
slack.url has no effect: msteams.url takes its place, as in Flagger.
{{- end }}
{{- end -}}
