package dev.serinus.schemas.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.function.UnaryOperator;

class TextTemplateTest {

    private static final Map<String, Object> VALUES =
            Map.of(
                    "name",
                    "podinfo",
                    "namespace",
                    "default",
                    "target",
                    "myapp",
                    "interval",
                    "1m",
                    "variables",
                    Map.of("direction", "inbound", "limit", "5", "empty", ""));

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\0',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock =
                    """
                    {{ namespace }}_{{ target }}                                      # default_myapp
                    {{name}}                                                          # podinfo
                    rate(x{a="{{ variables.direction }}"}[{{ interval }}])            # rate(x{a="inbound"}[1m])
                    a  {{- name -}}  b                                                # apodinfob
                    a{{- /* why */ -}} b                                              # ab
                    a{{/* why */}}b                                                   # ab
                    {{ index variables "limit" }}                                     # 5
                    [{{ index variables "missing" }}]                                 # []
                    {{ printf "%s-%s" name target }}                                  # podinfo-myapp
                    {{ name | printf "%-10s|" }}                                      # podinfo   |
                    {{ printf "%q %5.2f %03d %v" name 1.5 7 true }}                   # "podinfo"  1.50 007 true
                    {{ printf "%d%%" 99 }}                                            # 99%
                    {{ printf "%s" }}                                                 # %!s(MISSING)
                    {{ if eq namespace "default" }}yes{{ else }}no{{ end }}           # yes
                    {{ if variables.empty }}yes{{ else if name }}else{{ end }}        # else
                    {{ if and name (not variables.empty) }}yes{{ end }}               # yes
                    {{ if or variables.empty "" }}yes{{ else }}no{{ end }}            # no
                    {{ with variables.limit }}<{{ . }}>{{ end }}                      # <5>
                    {{ range $k, $v := variables }}{{ $k }}={{ $v }};{{ end }}        # direction=inbound;empty=;limit=5;
                    {{ $x := variables.limit }}{{ $x }}{{ $x }}                       # 55
                    {{ if and (index variables "zone") (eq variables.zone "a") }}a{{ else }}b{{ end }} # b
                    {{ if or name variables.zone }}a{{ end }}                         # a
                    {{ true | and "" variables.zone }}|                               # |
                    {{ 7 | or "" variables.empty }}                                   # 7
                    {{ $x := "a" }}{{ if true }}{{ $x := "b" }}{{ end }}{{ $x }}      # a
                    {{ $x := "a" }}{{ if true }}{{ $x = "b" }}{{ end }}{{ $x }}       # b
                    {{ $x := "a" }}{{ range $k, $x := variables }}{{ end }}{{ $x }}   # a
                    {{ $x := "a" }}{{ range 2 }}{{ $x }}{{ $x := "b" }}{{ end }}      # aa
                    {{ $x := 1 }}{{ with $x := 2 }}{{ $x }}{{ end }}{{ $x }}          # 21
                    {{ js "it's <b>" }}                                               # it\\'s \\u003Cb\\u003E
                    {{ printf "%d" target }}                                          # %!d(string=myapp)
                    {{ printf "%f %s" 1 name }}                                       # %!f(int=1) podinfo
                    {{ len name }}                                                    # 7
                    {{ slice name 0 3 }}                                              # pod
                    {{ if gt (len name) 3 }}long{{ end }}                             # long
                    {{ urlquery "a b*~" }}                                            # a+b%2A~
                    {{ print 1 2 "a" 3 }}                                             # 1 2a3
                    {{ `raw "text"` }}                                                # raw "text"
                    {{ "a\\tb" }}c                                                    # a	bc
                    {{ 1.50 }} {{ 1e6 }} {{ 1e21 }} {{ -0.00001 }}                    # 1.5 1000000 1e+21 -1e-05
                    {{ quote "a\\"b\\\\c\\n" }}                                       # "a\\"b\\\\c\\n"
                    {{ variables.direction | quote }}                                 # "inbound"
                    {{ "a.b|c" | quoteRegex | quote }}                                # "a\\\\.b\\\\|c"
                    {{ printf "%q" "\\t\\001" }}                                      # "\\t\\x01"
                    {{ range 0 }}x{{ else }}none{{ end }}                             # none
                    no action } }} here                                               # no action } }} here
                    """)
    void renders(String template, String expected) throws RenderException {
        assertThat(TextTemplate.render(template, VALUES)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '\0',
            textBlock =
                    """
                    {{ variables.cluster }}           # line 1: map has no entry for key "cluster"
                    {{ .Name }}                       # line 1: nil data; no entry for key "Name"
                    {{ hostname }}                    # line 1: function "hostname" not defined
                    {{ name "x" }}                    # line 1: wrong number of args for name: want 0
                    {{ name                           # line 1: unclosed action
                    {{ if name }}                     # line 1: unclosed {{if}}
                    {{ end }}                         # line 1: unexpected {{end}}
                    {{ "text }}                       # line 1: unterminated quoted string
                    {{ $x }}                          # line 1: undefined variable $x
                    {{ template "x" }}                # line 1: {{template}} is not supported in a query
                    {{ }}                             # line 1: missing value
                    {{ 1 | 2 }}                       # line 1: can't give argument to non-function
                    {{ eq 1 "1" }}                    # line 1: incompatible types for comparison
                    {{ range 1000000 }}x{{ end }}     # line 1: range can't iterate over 1000000
                    {{ if $x := 1 }}{{ end }}{{ $x }} # line 1: undefined variable $x
                    {{ $x = 1 }}                      # line 1: undefined variable $x
                    {{ call name }}                   # line 1: function "call" not defined
                    {{ index name 99 }}               # line 1: index out of range: 99
                    """)
    void saysWhatIsWrong(String template, String expected) {
        assertThatThrownBy(() -> TextTemplate.render(template, VALUES))
                .isInstanceOf(RenderException.class)
                .hasMessage(expected);
    }

    @Test
    void htmlIsEscapedAsGoDoes() throws RenderException {
        assertThat(TextTemplate.render("{{ html \"<a b='1'>&\" }}", VALUES))
                .isEqualTo("&lt;a b=&#39;1&#39;&gt;&amp;");
    }

    @Test
    void namesTheLine() {
        assertThatThrownBy(() -> TextTemplate.render("a\nb\n{{ variables.x }}", VALUES))
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void outputHasALimit() {
        assertThatThrownBy(() -> TextTemplate.render("{{ range 60000 }}xxxxxxxx{{ end }}", VALUES))
                .hasMessageContaining("longer than 65536 characters");
    }

    @Test
    void nestingHasALimit() {
        assertThatThrownBy(
                        () ->
                                TextTemplate.render(
                                        "{{ " + "(".repeat(10_000) + ")".repeat(10_000) + " }}",
                                        VALUES))
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void aFieldBehindABlankIsOfTheDotAndOneBehindAnOperandOfItsValue() throws RenderException {
        var dot =
                Map.of(
                        "Name",
                        "app",
                        "Metadata",
                        Map.of("version", "2"),
                        "Checks",
                        Map.of(0L, "a"));

        assertThat(
                        TextTemplate.renderAbout(
                                "{{ if eq .Name \"app\" }}{{ .Metadata.version }}{{ end }}"
                                        + " {{ (index .Checks 0) }} {{ $.Name }}"
                                        + " [{{ .None }}{{ .None.of.it }}]"
                                        + "{{ range .Checks }} {{ . }}{{ $.Name }}{{ end }}",
                                dot,
                                UnaryOperator.identity()))
                .isEqualTo("2 a app [] aapp");
    }

    @Test
    void whatAnActionPutsOutIsEscapedAndTheTemplatesOwnTextIsNot() throws Exception {
        assertThat(
                        TextTemplate.renderAbout(
                                "a {{ .Name }}{{ \" a\" }}{{ if eq .Name \"a\" }}{{ printf \"a%s\""
                                        + " .Name }}{{ end }}",
                                Map.of("Name", "a"), text -> text.replace("a", "A")))
                .isEqualTo("a A aAA");
    }
}
