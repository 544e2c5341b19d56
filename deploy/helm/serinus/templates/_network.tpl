{{- /* Who may reach a component: the API's users, where it has the API, and whoever scrapes. */ -}}
{{- define "serinus.mayReach" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $scrapes := default $policy.ingressFrom $policy.metricsFrom -}}
{{- $all := $scrapes -}}
{{- if has .component (list "all-in-one" "analysis") -}}
{{- $all = list -}}
{{- if $policy.ingressFrom }}{{- $all = concat $policy.ingressFrom (default list $policy.metricsFrom) | uniq }}{{- end -}}
{{- end -}}
{{- if $all -}}
{{- toYaml $all -}}
{{- else -}}
- namespaceSelector: {}
{{- end -}}
{{- end -}}

{{- /* The port of an address, such as https://id.example/token or kafka:9092. */ -}}
{{- define "serinus.portOf" -}}
{{- $authority := regexReplaceAll "^[a-z]+://" . "" | splitList "/" | first | splitList "@" | last -}}
{{- $port := regexFind ":[0-9]+$" $authority | trimPrefix ":" -}}
{{- default (ternary "80" "443" (hasPrefix "http://" .)) $port -}}
{{- end -}}

{{- /* A rule of egress: its peers, or any address, at ports of TCP. */ -}}
{{- define "serinus.egressRule" -}}
- ports:
  {{- range .ports }}
  - {port: {{ . }}, protocol: TCP}
  {{- end }}
  {{- with .to }}
  to:
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* Peers at any port; without peers everywhere. */ -}}
{{- define "serinus.egressTo" -}}
{{- if . -}}
- to:
  {{- toYaml . | nindent 2 }}
{{- else -}}
- {}
{{- end -}}
{{- end -}}

{{- /* Where a component has to call. */ -}}
{{- define "serinus.egress" -}}
{{- $v := .root.Values -}}
{{- $egress := $v.networkPolicy.egress -}}
- ports:
  - {port: 53, protocol: UDP}
  - {port: 53, protocol: TCP}
  {{- with $egress.dns }}
  to:
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if $v.kafka.bootstrapServers }}
{{- $ports := list }}
{{- range splitList "," $v.kafka.bootstrapServers }}{{- $ports = append $ports (include "serinus.portOf" (trim .)) }}{{- end }}
{{ include "serinus.egressRule" (dict "ports" (uniq $ports) "to" $egress.kafka) }}
{{- $addresses := list }}
{{- with $v.schemaRegistry.url }}{{- $addresses = append $addresses . }}{{- end }}
{{- with get (include "serinus.kafkaProperties" . | fromYaml) "sasl.oauthbearer.token.endpoint.url" }}{{- $addresses = append $addresses . }}{{- end }}
{{- if and (include "serinus.topicsAccount" .root) (include "serinus.makesTopics" .) }}
{{- with get (default dict $v.kafka.topics.properties) "sasl.oauthbearer.token.endpoint.url" }}{{- $addresses = append $addresses . }}{{- end }}
{{- end }}
{{- range $addresses | uniq }}
{{ include "serinus.egressRule" (dict "ports" (list (include "serinus.portOf" .)) "to" list) }}
{{- end }}
{{- end }}
{{- if ne .component "analysis" }}
{{ include "serinus.egressRule" (dict "ports" $egress.apiServerPorts "to" $egress.apiServer) }}
{{- end }}
{{- if and (has .component (list "all-in-one" "analysis")) $v.api.auth.oidc.issuer }}
{{- range list $v.api.auth.oidc.issuer $v.api.auth.oidc.jwksUri | compact | uniq }}
{{ include "serinus.egressRule" (dict "ports" (list (include "serinus.portOf" .)) "to" list) }}
{{- end }}
{{- end }}
{{- if has .component (list "all-in-one" "watcher") }}
{{ include "serinus.egressTo" $egress.metrics }}
{{- end }}
{{- if has .component (list "all-in-one" "webhook") }}
{{ include "serinus.egressTo" $egress.webhooks }}
{{- end }}
{{- if has .component (list "all-in-one" "notifier") }}
{{ include "serinus.egressTo" $egress.chats }}
{{- end }}
{{- with $egress.more }}
{{ toYaml . }}
{{- end }}
{{- end -}}
