{{- define "serinus.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "serinus.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "serinus.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Flagger's default of affinity names these. */ -}}
{{- define "flagger.name" -}}{{ include "serinus.name" . }}{{- end -}}
{{- define "flagger.fullname" -}}{{ include "serinus.fullname" . }}{{- end -}}

{{- /* The workloads of a mode, with commas between. */ -}}
{{- define "serinus.components" -}}
{{- if eq .Values.mode "hub" -}}analysis,watcher,router,webhook,notifier
{{- else if eq .Values.mode "edge" -}}watcher,router,webhook,notifier
{{- else -}}all-in-one
{{- end -}}
{{- end -}}

{{- /* The helpers below are given the root and the name of a component. */ -}}
{{- define "serinus.componentName" -}}
{{- $full := include "serinus.fullname" .root -}}
{{- if eq .component "all-in-one" -}}{{ $full }}{{- else -}}{{ $full }}-{{ .component }}{{- end -}}
{{- end -}}

{{- define "serinus.accountName" -}}
{{- $account := .root.Values.serviceAccount -}}
{{- if and (not $account.create) (not $account.name) -}}default
{{- else -}}
{{- $name := default (include "serinus.fullname" .root) $account.name -}}
{{- if or (eq .component "all-in-one") (not $account.create) -}}{{ $name }}{{- else -}}{{ $name }}-{{ .component }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "serinus.selector" -}}
app.kubernetes.io/name: {{ include "serinus.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- /* Said where the load tester is there and its policy keeps out who scrapes. */ -}}
{{- define "serinus.hidesLoadtester" -}}
{{- $v := .Values -}}
{{- if and $v.loadtester.enabled $v.networkPolicy.enabled (not (and $v.loadtester.tokenSecret $v.networkPolicy.metricsFrom)) -}}
true
{{- end -}}
{{- end -}}

{{- define "serinus.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "serinus.selector" . }}
app.kubernetes.io/version: {{ include "serinus.tag" .root | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end -}}

{{- /* True for the image of Flagger's, which a values file of its chart may name. */ -}}
{{- define "serinus.isFlaggersImage" -}}
{{- if or (eq .Values.image.repository "flagger") (hasSuffix "/flagger" .Values.image.repository) -}}true{{- end -}}
{{- end -}}

{{- define "serinus.tag" -}}
{{- if include "serinus.isFlaggersImage" . -}}{{ .Chart.AppVersion }}
{{- else -}}{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "serinus.image" -}}
{{- $own := ternary "ghcr.io/serinus-dev/serinus" .root.Values.image.repository (eq "true" (include "serinus.isFlaggersImage" .root)) -}}
{{- $of := ternary "" (printf "-%s" .component) (eq .component "all-in-one") -}}
{{- $own }}{{ $of }}:{{ include "serinus.tag" .root }}
{{- end -}}

{{- /* The one of deploy/images, unless somebody names another. */ -}}
{{- define "serinus.loadtesterImage" -}}
{{- $own := .Values.loadtester.image -}}
{{- $ours := include "serinus.image" (dict "root" . "component" "loadtester") -}}
{{- $repository := default (trimSuffix (printf ":%s" (include "serinus.tag" .)) $ours) $own.repository -}}
{{- $repository }}:{{ default (include "serinus.tag" .) $own.tag }}
{{- end -}}

{{- define "serinus.clusterName" -}}
{{- default "local" .Values.clusterName -}}
{{- end -}}

{{- /* An address in which somebody logs in is a secret. */ -}}
{{- define "serinus.isSecretAddress" -}}
{{- if regexMatch "^[a-z]+://[^/?#]*@" (default "" .) -}}true{{- end -}}
{{- end -}}

{{- define "serinus.metricsServer" -}}
{{- default "http://prometheus:9090" .Values.metricsServer -}}
{{- end -}}

{{- /* Objects of no namespace: two releases of one name in two namespaces must not share them. */ -}}
{{- define "serinus.clusterScopedName" -}}
{{- printf "%s:%s" .root.Release.Namespace .name -}}
{{- end -}}

{{- /* Manifests written for Flagger's call flagger-loadtester, in this namespace. */ -}}
{{- define "serinus.loadtesterName" -}}
{{- default (printf "%s-loadtester" (include "serinus.fullname" .)) .Values.loadtester.name -}}
{{- end -}}

{{- /* The load tester's account: the user's, or ours where it has rights; else the namespace's, which it is not told. */ -}}
{{- define "serinus.loadtesterAccount" -}}
{{- default (ternary (include "serinus.loadtesterName" .) "default" (not (empty .Values.loadtester.jobs.namespaces))) .Values.loadtester.serviceAccountName -}}
{{- end -}}
