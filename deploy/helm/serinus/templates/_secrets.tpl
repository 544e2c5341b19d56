{{- /* Addresses and tokens of chats, by the variables in which they are read. */ -}}
{{- define "serinus.notificationSecrets" -}}
{{- $v := .Values -}}
{{- range $name, $value := dict "SLACK_URL" $v.slack.url "SLACK_PROXY_URL" $v.slack.proxyUrl "SLACK_TOKEN" $v.slack.token "MSTEAMS_URL" $v.msteams.url "MSTEAMS_PROXY_URL" $v.msteams.proxyUrl "EVENT_WEBHOOK_URL" $v.eventWebhook }}
{{- with $value }}
{{ $name }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* All that is secret in the values. */ -}}
{{- define "serinus.secrets" -}}
{{- $v := .Values -}}
{{- include "serinus.notificationSecrets" . }}
{{- if include "serinus.isSecretAddress" (include "serinus.metricsServer" .) }}
SERINUS_METRICS_SERVER: {{ $v.metricsServer | quote }}
{{- end }}
{{- if include "serinus.isSecretAddress" $v.schemaRegistry.url }}
SCHEMA_REGISTRY_URL: {{ $v.schemaRegistry.url | quote }}
{{- end }}
{{- range $name, $value := $v.kafka.secretProperties }}
{{ include "serinus.kafkaVariable" $name }}: {{ $value | toString | quote }}
{{- end }}
{{- range $service, $own := $v.services }}
{{- range $name, $value := (default dict $own.kafka).secretProperties }}
{{ $service }}.{{ include "serinus.kafkaVariable" $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- end -}}
