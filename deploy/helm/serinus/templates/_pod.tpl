{{- /* The variable by which a property of Kafka's is told. */ -}}
{{- define "serinus.kafkaVariable" -}}
KAFKA_{{ . | replace "." "_" | upper }}
{{- end -}}

{{- /* True where topics are made as an account of their own, by its secrets or its certificate. */ -}}
{{- define "serinus.topicsAccount" -}}
{{- $topics := .Values.kafka.topics -}}
{{- if or $topics.existingSecret $topics.filesSecret -}}true{{- end -}}
{{- end -}}

{{- /* What is said of Kafka for one component alone. */ -}}
{{- define "serinus.ownKafka" -}}
{{- if .provisions -}}
{{- toYaml .root.Values.kafka.topics -}}
{{- else -}}
{{- toYaml (default dict (get (default dict (get .root.Values.services .component)) "kafka")) -}}
{{- end -}}
{{- end -}}

{{- /* True where it logs in with secrets of its own, and not with those of all. */ -}}
{{- define "serinus.hasOwnKafkaSecrets" -}}
{{- $own := include "serinus.ownKafka" . | fromYaml -}}
{{- if or .provisions $own.secretProperties $own.existingSecret -}}true{{- end -}}
{{- end -}}

{{- define "serinus.kafkaProperties" -}}
{{- $own := include "serinus.ownKafka" . | fromYaml -}}
{{- toYaml (merge (deepCopy (default dict $own.properties)) (default dict .root.Values.kafka.properties)) -}}
{{- end -}}

{{- define "serinus.kafkaSecretProperties" -}}
{{- $own := include "serinus.ownKafka" . | fromYaml -}}
{{- if not .provisions -}}
{{- toYaml (default dict (ternary $own.secretProperties .root.Values.kafka.secretProperties (eq "true" (include "serinus.hasOwnKafkaSecrets" .)))) -}}
{{- end -}}
{{- end -}}

{{- define "serinus.kafkaSecret" -}}
{{- $own := include "serinus.ownKafka" . | fromYaml -}}
{{- if .provisions -}}{{ .root.Values.kafka.topics.existingSecret }}
{{- else if include "serinus.hasOwnKafkaSecrets" . -}}{{ default "" $own.existingSecret }}
{{- else -}}{{ .root.Values.kafka.existingSecret }}
{{- end -}}
{{- end -}}

{{- define "serinus.kafkaFiles" -}}
{{- $own := include "serinus.ownKafka" . | fromYaml -}}
{{- if .root.Values.kafka.bootstrapServers -}}{{ default .root.Values.kafka.filesSecret $own.filesSecret }}{{- end -}}
{{- end -}}

{{- /* Since Kafka 4.0 a client asks for tokens at addresses only that its JVM is told by name. */ -}}
{{- define "serinus.javaOptions" -}}
{{- $v := .root.Values -}}
{{- $options := default $v.javaOptions (get (default dict (get $v.services .component)) "javaOptions") -}}
{{- $property := "org.apache.kafka.sasl.oauthbearer.allowed.urls" -}}
{{- $endpoint := get (include "serinus.kafkaProperties" . | fromYaml) "sasl.oauthbearer.token.endpoint.url" -}}
{{- if and $v.kafka.bootstrapServers $endpoint (not (contains $property (default "" $options))) -}}
{{- $options = printf "%s -D%s=%s" (default "" $options) $property $endpoint | trim -}}
{{- end -}}
{{- $options -}}
{{- end -}}

{{- /* The variables of a container, as a list. */ -}}
{{- define "serinus.environment" -}}
{{- $v := .root.Values -}}
{{- $full := include "serinus.fullname" .root -}}
- name: MALLOC_ARENA_MAX
  value: "2"
{{- with include "serinus.javaOptions" . }}
{{- /* The only variable that counts more than the options of the image, which stand on the command line. */}}
- name: _JAVA_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- if $v.kafka.bootstrapServers }}
{{- if ne .component "all-in-one" }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ $v.kafka.bootstrapServers | quote }}
{{- end }}
{{- range $name, $value := include "serinus.kafkaProperties" . | fromYaml }}
- name: {{ include "serinus.kafkaVariable" $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- $prefix := ternary (printf "%s." .component) "" (eq "true" (include "serinus.hasOwnKafkaSecrets" .)) }}
{{- range $name, $_ := include "serinus.kafkaSecretProperties" . | fromYaml }}
{{- $variable := include "serinus.kafkaVariable" $name }}
- name: {{ $variable }}
  valueFrom: {secretKeyRef: {name: {{ $full }}, key: {{ $prefix }}{{ $variable }}}}
{{- end }}
{{- with $v.schemaRegistry.url }}
- name: SCHEMA_REGISTRY_URL
  {{- if include "serinus.isSecretAddress" . }}
  valueFrom: {secretKeyRef: {name: {{ $full }}, key: SCHEMA_REGISTRY_URL}}
  {{- else }}
  value: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- with $v.denyNetworks }}
- name: SERINUS_DENY_NETWORKS
  value: {{ . | quote }}
{{- end }}
{{- if $v.allowLinkLocal }}
- name: SERINUS_ALLOW_LINK_LOCAL
  value: "true"
{{- end }}
{{- if and (has .component (list "all-in-one" "watcher")) (include "serinus.isSecretAddress" (include "serinus.metricsServer" .root)) }}
- name: SERINUS_METRICS_SERVER
  valueFrom: {secretKeyRef: {name: {{ $full }}, key: SERINUS_METRICS_SERVER}}
{{- end }}
{{- if has .component (list "all-in-one" "notifier") }}
{{- range $name, $value := include "serinus.notificationSecrets" .root | fromYaml }}
- name: {{ $name }}
  valueFrom: {secretKeyRef: {name: {{ $full }}, key: {{ $name }}}}
{{- end }}
{{- end }}
{{- if and (has .component (list "all-in-one" "notifier")) (not .forTopics) }}
- name: SERINUS_NOTIFIER_SHOW_EVIDENCE
  value: {{ $v.notifications.showEvidence | quote }}
{{- with $v.notifications.dashboardUrl | default (ternary $v.api.auth.login.publicUrl "" $v.notifications.showEvidence) }}
- name: SERINUS_NOTIFIER_DASHBOARD_URL
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if and (has .component (list "all-in-one" "analysis")) (not .forTopics) }}
{{- include "serinus.apiEnvironment" .root }}
{{- include "serinus.fleetEnvironment" .root }}
{{- end }}
{{- if ne .component "all-in-one" }}
{{ include "serinus.serviceEnvironment" . }}
{{- end }}
{{- end -}}

{{- /* What is asked of all canaries. The file is read again when it changes: no pod has to start for that, but where there was none. */ -}}
{{- define "serinus.fleetEnvironment" -}}
{{- if include "serinus.fleet" . }}
- name: SERINUS_FLEET_FILE
  value: /opt/serinus/fleet/fleet.yaml
{{- end }}
{{- end -}}

{{- define "serinus.fleet" -}}
{{- range $kind, $list := .Values.fleet }}
{{- if $list }}{{ $kind }} {{ end }}
{{- end }}
{{- end -}}

{{- /* Who logs in at the API, and what they may do. */ -}}
{{- define "serinus.apiEnvironment" -}}
{{- $auth := .Values.api.auth -}}
{{- if $auth.tokensSecret }}
- name: SERINUS_API_TOKENS_FILE
  value: /opt/serinus/api/tokens/tokens
{{- end }}
{{- if $auth.rules }}
- name: SERINUS_API_RULES_FILE
  value: /opt/serinus/api/rules/rules.yaml
{{- end }}
{{- if $auth.oidc.issuer }}
{{- range $name, $value := dict "ISSUER" $auth.oidc.issuer "AUDIENCE" $auth.oidc.audience "JWKS_URI" $auth.oidc.jwksUri "NAME_CLAIM" $auth.oidc.nameClaim "GROUPS_CLAIM" $auth.oidc.groupsClaim }}
{{- with $value }}
- name: SERINUS_API_OIDC_{{ $name }}
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- with $auth.login }}
{{- if .clientId }}
- name: SERINUS_API_LOGIN_CLIENT_SECRET_FILE
  value: /opt/serinus/api/login/client-secret
{{- range $name, $value := dict "CLIENT_ID" .clientId "PUBLIC_URL" .publicUrl "SCOPES" .scopes "LASTS" .lasts }}
{{- with $value }}
- name: SERINUS_API_LOGIN_{{ $name }}
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if ne (int .Values.api.actionsPerMinute) 60 }}
- name: SERINUS_API_ACTIONS_PER_MINUTE
  value: {{ .Values.api.actionsPerMinute | quote }}
{{- end }}
{{- end -}}

{{- /* The same with those of the values, which go before: a name may be in the list once only. */ -}}
{{- define "serinus.allEnvironment" -}}
{{- $given := dict -}}
{{- range .root.Values.env }}{{- $_ := set $given .name true }}{{- end -}}
{{- $all := list -}}
{{- range include "serinus.environment" . | fromYamlArray }}
{{- if not (hasKey $given .name) }}{{- $all = append $all . }}{{- end -}}
{{- end -}}
{{- toYaml (concat $all .root.Values.env) -}}
{{- end -}}

{{- /* What the services are told by variables and the all-in-one by flags. */ -}}
{{- define "serinus.serviceEnvironment" -}}
{{- $v := .root.Values -}}
- name: MICRONAUT_SERVER_HOST
  value: {{ $v.listen.address | quote }}
- name: MICRONAUT_SERVER_PORT
  value: {{ include "serinus.port" . | quote }}
- name: SERINUS_LOG_FORMAT
  value: {{ $v.logFormat | quote }}
- name: SERINUS_LOG_LEVEL
  value: {{ include "serinus.logLevel" .root }}
{{- if eq .component "analysis" }}
- name: SERINUS_STATE_DIR
  value: /var/lib/serinus
{{- else }}
- name: SERINUS_CLUSTER_NAME
  value: {{ include "serinus.clusterName" .root }}
{{- with $v.namespace }}
- name: SERINUS_NAMESPACE
  value: {{ . | quote }}
{{- end }}
{{- with $v.meshProvider }}
- name: SERINUS_MESH_PROVIDER
  value: {{ . | quote }}
{{- end }}
{{- with $v.metricsServerTemplate }}
- name: SERINUS_METRICS_SERVER_TEMPLATE
  value: {{ . | quote }}
{{- end }}
{{- if not (include "serinus.isSecretAddress" (include "serinus.metricsServer" .root)) }}
- name: SERINUS_METRICS_SERVER
  value: {{ include "serinus.metricsServer" .root | quote }}
{{- end }}
{{- with $v.minInterval }}
- name: SERINUS_MIN_INTERVAL
  value: {{ . | quote }}
{{- end }}
{{- with $v.selectorLabels }}
- name: SERINUS_SELECTOR_LABELS
  value: {{ . | quote }}
{{- end }}
{{- with $v.includeLabelPrefix }}
- name: SERINUS_INCLUDE_LABEL_PREFIX
  value: {{ . | quote }}
{{- end }}
- name: SERINUS_ENABLE_CONFIG_TRACKING
  value: {{ $v.configTracking.enabled | quote }}
- name: SERINUS_NO_CROSS_NAMESPACE_REFS
  value: {{ $v.noCrossNamespaceRefs | quote }}
- name: SERINUS_DRY_RUN
  value: {{ $v.dryRun | quote }}
{{- with $v.ingressClass }}
- name: SERINUS_INGRESS_CLASS
  value: {{ . | quote }}
{{- end }}
{{- with $v.ingressAnnotationsPrefix }}
- name: SERINUS_INGRESS_ANNOTATIONS_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- if eq .component "notifier" }}
- name: SERINUS_NOTIFIER_SHOW_CLUSTER
  value: {{ not (empty $v.clusterName) | quote }}
- name: SLACK_USER
  value: {{ default "flagger" $v.slack.user | quote }}
{{- with $v.slack.channel }}
- name: SLACK_CHANNEL
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Flagger's chart documents warning; the services know WARN. */ -}}
{{- define "serinus.logLevel" -}}
{{- $level := upper (default "info" .Values.logLevel) -}}
{{- if eq $level "WARNING" -}}WARN{{- else if has $level (list "FATAL" "PANIC") -}}ERROR{{- else -}}{{ $level }}{{- end -}}
{{- end -}}

{{- define "serinus.port" -}}
{{- default .root.Values.listen.port (get (default dict (get .root.Values.services .component)) "port") -}}
{{- end -}}

{{- /* The all-in-one's command line. No secret is in it: arguments are read by whoever may read pods. */ -}}
{{- define "serinus.arguments" -}}
{{- $v := .Values -}}
- run
- --http-host={{ $v.listen.address }}
- --http-port={{ $v.listen.port }}
- --data=/var/lib/serinus
- --log-format={{ $v.logFormat }}
- --log-level={{ default "info" $v.logLevel }}
{{- with $v.clusterName }}
- --cluster-name={{ . }}
{{- end }}
{{- if $v.metricsServerTemplate }}
- --metrics-server-template={{ $v.metricsServerTemplate }}
{{- else if not (include "serinus.isSecretAddress" (include "serinus.metricsServer" .)) }}
- --metrics-server={{ include "serinus.metricsServer" . }}
{{- end }}
{{- with $v.meshProvider }}
- --mesh-provider={{ . }}
{{- end }}
{{- with $v.namespace }}
- --namespace={{ . }}
{{- end }}
{{- with $v.minInterval }}
- --min-interval={{ . }}
{{- end }}
{{- with $v.selectorLabels }}
- --selector-labels={{ . }}
{{- end }}
{{- with $v.includeLabelPrefix }}
- {{ printf "--include-label-prefix=%s" . | quote }}
{{- end }}
- --enable-config-tracking={{ $v.configTracking.enabled }}
{{- if $v.noCrossNamespaceRefs }}
- --no-cross-namespace-refs=true
{{- end }}
{{- if $v.dryRun }}
- --dry-run=true
{{- end }}
{{- with $v.ingressClass }}
- --ingress-class={{ . }}
{{- end }}
{{- with $v.ingressAnnotationsPrefix }}
- --ingress-annotations-prefix={{ . }}
{{- end }}
- {{ printf "--slack-user=%s" (default "flagger" $v.slack.user) | quote }}
{{- with $v.slack.channel }}
- {{ printf "--slack-channel=%s" . | quote }}
{{- end }}
{{- with $v.kafka.bootstrapServers }}
- --bootstrap-servers={{ . }}
{{- end }}
{{- end -}}

{{- define "serinus.containerSecurity" -}}
{{- $security := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) -}}
{{- if .Values.securityContext.enabled -}}
{{- $security = mergeOverwrite $security (deepCopy (default dict .Values.securityContext.context)) -}}
{{- end -}}
{{ toYaml $security }}
{{- end -}}

{{- define "serinus.podSecurity" -}}
runAsNonRoot: true
seccompProfile: {type: RuntimeDefault}
{{- if .Values.securityContext.enabled }}
fsGroup: {{ default 10001 (get (default dict .Values.securityContext.context) "runAsUser") }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
{{- end -}}

{{- /* Requests and limits, unless the values say others. */ -}}
{{- define "serinus.resources" -}}
{{- $own := get (default dict (get .root.Values.services .component)) "resources" -}}
{{- $usual := ternary (dict "requests" (dict "cpu" "100m" "memory" "512Mi") "limits" (dict "memory" "768Mi")) (dict "requests" (dict "cpu" "50m" "memory" "256Mi") "limits" (dict "memory" "512Mi")) (eq .component "all-in-one") -}}
{{ toYaml (default $usual (default .root.Values.resources $own)) }}
{{- end -}}

{{- define "serinus.envFrom" -}}
{{- $kafka := include "serinus.kafkaSecret" . -}}
{{- if and $kafka .root.Values.kafka.bootstrapServers }}
- secretRef: {name: {{ $kafka }}}
{{- end }}
{{- if and .root.Values.notifications.existingSecret (has .component (list "all-in-one" "notifier")) }}
- secretRef: {name: {{ .root.Values.notifications.existingSecret }}}
{{- end }}
{{- end -}}

{{- /* Whether this component makes the topics that are missing before it starts. */ -}}
{{- define "serinus.makesTopics" -}}
{{- $v := .root.Values -}}
{{- if and $v.kafka.bootstrapServers $v.kafka.topics.create (or (eq .component "analysis") (and (eq $v.mode "edge") (eq .component "watcher"))) -}}true{{- end -}}
{{- end -}}

{{- /* The Secret with the files of the account that makes them, where that is not the service's. */ -}}
{{- define "serinus.topicsFiles" -}}
{{- $account := include "serinus.topicsAccount" .root -}}
{{- if and $account (include "serinus.makesTopics" .) -}}
{{- include "serinus.kafkaFiles" (dict "root" .root "component" .component "provisions" $account) -}}
{{- end -}}
{{- end -}}

{{- /* Makes the topics that are missing, before those that read them start. */ -}}
{{- define "serinus.topicsContainer" -}}
{{- $v := .root.Values -}}
{{- $as := dict "root" .root "component" .component "provisions" (include "serinus.topicsAccount" .root) "forTopics" true -}}
- name: topics
  image: {{ include "serinus.image" (dict "root" .root "component" "all-in-one") }}
  imagePullPolicy: {{ $v.image.pullPolicy }}
  args:
  - topics
  - apply
  - --cluster-name={{ include "serinus.clusterName" .root }}
  - --partitions={{ $v.kafka.topics.partitions }}
  - --replication-factor={{ $v.kafka.topics.replicationFactor }}
  - --log-format={{ $v.logFormat }}
  env:
  {{- include "serinus.allEnvironment" $as | nindent 2 }}
  {{- with include "serinus.envFrom" $as | trim }}
  envFrom:
  {{- . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- include "serinus.containerSecurity" .root | nindent 4 }}
  resources:
    {{- include "serinus.resources" . | nindent 4 }}
  volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if include "serinus.kafkaFiles" $as }}
  - {name: {{ ternary "kafka-topics" "kafka" (not (empty $as.provisions)) }}, mountPath: /opt/serinus/kafka, readOnly: true}
  {{- end }}
  {{- with $v.additionalVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* Copies jars of others to where the class path ends. */ -}}
{{- define "serinus.librariesContainer" -}}
{{- $libraries := .Values.libraries -}}
- name: libraries
  image: {{ $libraries.image | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [cp, -R, {{ printf "%s/." $libraries.path | quote }}, /opt/serinus/more]
  securityContext:
    {{- include "serinus.containerSecurity" . | nindent 4 }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
  volumeMounts:
  - {name: libraries, mountPath: /opt/serinus/more}
{{- end -}}

{{- define "serinus.probe" -}}
httpGet: {path: {{ .path }}, port: http}
{{- end -}}

{{- /* Metadata and specification of the pods of a component. */ -}}
{{- define "serinus.podTemplate" -}}
{{- $v := .root.Values -}}
{{- $data := has .component (list "all-in-one" "analysis") -}}
metadata:
  labels:
    {{- include "serinus.selector" . | nindent 4 }}
    {{- with $v.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- with include "serinus.secrets" .root | trim }}
    # A changed secret is a change of the pods.
    checksum/secrets: {{ sha256sum . }}
    {{- end }}
    {{- if and $data $v.api.auth.rules }}
    checksum/api-rules: {{ toYaml $v.api.auth.rules | sha256sum }}
    {{- end }}
    {{- $annotations := deepCopy (default dict $v.podAnnotations) }}
    {{- if and (eq "true" (toString (get $annotations "prometheus.io/scrape"))) (not (hasKey $annotations "prometheus.io/port")) }}
    {{- $_ := set $annotations "prometheus.io/port" (include "serinus.port" .) }}
    {{- end }}
    {{- /* Only who is in Linkerd's mesh can show the account that is let in. */}}
    {{- if and $v.linkerdAuthPolicy.create (has .component (list "all-in-one" "watcher")) (not (hasKey $annotations "linkerd.io/inject")) }}
    {{- $_ := set $annotations "linkerd.io/inject" "enabled" }}
    {{- end }}
    {{- with $annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ ternary "default" (include "serinus.accountName" .) (eq .component "analysis") }}
  # The analysis never talks to a cluster.
  automountServiceAccountToken: {{ ne .component "analysis" }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $v.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "serinus.podSecurity" .root | nindent 4 }}
  {{- with $v.image.pullSecret }}
  imagePullSecrets:
  - name: {{ . }}
  {{- end }}
  {{- with $v.podPriorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- if or $v.libraries.image (include "serinus.makesTopics" .) }}
  initContainers:
  {{- if $v.libraries.image }}
  {{- include "serinus.librariesContainer" .root | nindent 2 }}
  {{- end }}
  {{- if include "serinus.makesTopics" . }}
  {{- include "serinus.topicsContainer" . | nindent 2 }}
  {{- end }}
  {{- end }}
  containers:
  - name: serinus
    image: {{ include "serinus.image" . }}
    imagePullPolicy: {{ $v.image.pullPolicy }}
    {{- if eq .component "all-in-one" }}
    args:
    {{- include "serinus.arguments" .root | nindent 4 }}
    {{- end }}
    env:
    {{- include "serinus.allEnvironment" . | nindent 4 }}
    {{- with include "serinus.envFrom" . | trim }}
    envFrom:
    {{- . | nindent 4 }}
    {{- end }}
    ports:
    - {name: http, containerPort: {{ include "serinus.port" . }}, protocol: TCP}
    # What it needs to start may be away for a while; five minutes, then it is tried anew.
    startupProbe:
      {{- include "serinus.probe" (dict "path" "/healthz") | nindent 6 }}
      periodSeconds: 2
      timeoutSeconds: 5
      failureThreshold: 150
    # Fails when only a new process can help, not when Kafka or the API server is away.
    livenessProbe:
      {{- include "serinus.probe" (dict "path" "/healthz") | nindent 6 }}
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 3
    readinessProbe:
      {{- include "serinus.probe" (dict "path" "/readyz") | nindent 6 }}
      periodSeconds: 5
      timeoutSeconds: 5
      failureThreshold: 2
    securityContext:
      {{- include "serinus.containerSecurity" .root | nindent 6 }}
    resources:
      {{- include "serinus.resources" . | nindent 6 }}
    volumeMounts:
    - {name: tmp, mountPath: /tmp}
    {{- if $data }}
    - {name: data, mountPath: /var/lib/serinus}
    {{- end }}
    {{- if $v.libraries.image }}
    - {name: libraries, mountPath: /opt/serinus/more, readOnly: true}
    {{- end }}
    {{- if include "serinus.kafkaFiles" . }}
    - {name: kafka, mountPath: /opt/serinus/kafka, readOnly: true}
    {{- end }}
    {{- if and $data $v.api.auth.tokensSecret }}
    - {name: api-tokens, mountPath: /opt/serinus/api/tokens, readOnly: true}
    {{- end }}
    {{- if and $data $v.api.auth.login.clientId }}
    - {name: api-login, mountPath: /opt/serinus/api/login, readOnly: true}
    {{- end }}
    {{- if and $data $v.api.auth.rules }}
    - {name: api-rules, mountPath: /opt/serinus/api/rules, readOnly: true}
    {{- end }}
    {{- if and $data (include "serinus.fleet" .root) }}
    - {name: fleet, mountPath: /opt/serinus/fleet, readOnly: true}
    {{- end }}
    {{- with $v.additionalVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
  - name: tmp
    emptyDir: {}
  {{- if $v.libraries.image }}
  - name: libraries
    emptyDir: {}
  {{- end }}
  {{- if and $data (not $v.persistence.enabled) }}
  - name: data
    emptyDir: {}
  {{- else if and $data $v.persistence.existingClaim }}
  - name: data
    persistentVolumeClaim: {claimName: {{ $v.persistence.existingClaim }}}
  {{- end }}
  {{- with include "serinus.kafkaFiles" . }}
  - name: kafka
    secret: {secretName: {{ . }}}
  {{- end }}
  {{- with include "serinus.topicsFiles" . }}
  - name: kafka-topics
    secret: {secretName: {{ . }}}
  {{- end }}
  {{- if and $data $v.api.auth.tokensSecret }}
  - name: api-tokens
    secret: {secretName: {{ $v.api.auth.tokensSecret }}, items: [{key: tokens, path: tokens}]}
  {{- end }}
  {{- if and $data $v.api.auth.login.clientId }}
  - name: api-login
    secret: {secretName: {{ $v.api.auth.login.clientSecret }}, items: [{key: client-secret, path: client-secret}]}
  {{- end }}
  {{- if and $data $v.api.auth.rules }}
  - name: api-rules
    configMap: {name: {{ include "serinus.fullname" .root }}-api}
  {{- end }}
  {{- if and $data (include "serinus.fleet" .root) }}
  - name: fleet
    configMap: {name: {{ include "serinus.fullname" .root }}-fleet}
  {{- end }}
  {{- with $v.additionalVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with $v.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.affinity }}
  affinity:
    {{- tpl (toYaml .) $.root | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
  {{- if $v.topologySpreadConstraints }}
  {{- toYaml $v.topologySpreadConstraints | nindent 2 }}
  {{- else }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "serinus.selector" $ | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{- /* What the load tester is told. Its account at Kafka is its own: commands run beside it. */ -}}
{{- define "serinus.loadtesterEnvironment" -}}
{{- $v := .Values -}}
{{- $own := .Values.loadtester -}}
- name: MALLOC_ARENA_MAX
  value: "2"
- name: MICRONAUT_SERVER_HOST
  value: 0.0.0.0
- name: MICRONAUT_SERVER_PORT
  value: "8080"
- name: SERINUS_LOG_FORMAT
  value: {{ $v.logFormat | quote }}
- name: SERINUS_LOG_LEVEL
  value: {{ include "serinus.logLevel" (dict "Values" (dict "logLevel" (default $v.logLevel $own.logLevel))) }}
- name: SERINUS_CLUSTER_NAME
  value: {{ include "serinus.clusterName" . }}
{{- with $v.denyNetworks }}
- name: SERINUS_DENY_NETWORKS
  value: {{ . | quote }}
{{- end }}
{{- if $v.allowLinkLocal }}
- name: SERINUS_ALLOW_LINK_LOCAL
  value: "true"
{{- end }}
- name: SERINUS_LOADTESTER_TIMEOUT
  value: {{ $own.cmd.timeout | quote }}
{{- with $own.cmd.namespaceRegexp }}
- name: SERINUS_LOADTESTER_NAMESPACE_REGEXP
  value: {{ . | quote }}
{{- end }}
{{- with $own.namespaces }}
- name: SERINUS_LOADTESTER_NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- with $own.types }}
- name: SERINUS_LOADTESTER_TYPES
  value: {{ join "," . | quote }}
{{- end }}
{{- with $own.jobs.namespaces }}
- name: SERINUS_LOADTESTER_JOBS_NAMESPACES
  value: {{ join "," . | quote }}
{{- with $own.jobs.serviceAccountName }}
- name: SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if $own.mostAtOnce }}
- name: SERINUS_LOADTESTER_MOST_AT_ONCE
  value: {{ $own.mostAtOnce | quote }}
{{- end }}
{{- if $own.mostLoads }}
- name: SERINUS_LOADTESTER_MOST_LOADS
  value: {{ $own.mostLoads | quote }}
{{- end }}
{{- with $own.env }}
- name: SERINUS_LOADTESTER_PASS_ENVIRONMENT
  value: {{ range $at, $each := . }}{{ if $at }},{{ end }}{{ $each.name }}{{ end }}
{{- end }}
{{- if $own.tokenSecret }}
- name: SERINUS_LOADTESTER_TOKEN_FILE
  value: /opt/serinus/token/token
{{- end }}
{{- if and $own.kafka.enabled $v.kafka.bootstrapServers }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ $v.kafka.bootstrapServers | quote }}
{{- range $name, $value := merge (deepCopy (default dict $own.kafka.properties)) (default dict $v.kafka.properties) }}
- name: {{ include "serinus.kafkaVariable" $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- if and $v.schemaRegistry.url (not (include "serinus.isSecretAddress" $v.schemaRegistry.url)) }}
- name: SCHEMA_REGISTRY_URL
  value: {{ $v.schemaRegistry.url | quote }}
{{- end }}
{{- end }}
{{- end -}}
