package tomlfile_test

import (
	"strings"
	"testing"

	"lanyard/cmd/lanyard/tomlfile"
)

type file struct {
	HTTP struct {
		Listen string `toml:"listen"`
		On     bool   `toml:"on"`
		Port   int    `toml:"port"`
	} `toml:"http"`
	Grants []struct {
		To    string            `toml:"to"`
		Any   []string          `toml:"any_of"`
		Until any               `toml:"until"`
		Meta  map[string]string `toml:"meta"`
	} `toml:"grants"`
}

func TestFaultsNameLineAndKey(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[http]\nlistn='x'\n", "line 2: http.listn: there is no such key; did you mean listen?"},
		{"[http]\nListen='x'\n", "line 2: http.Listen: there is no such key; did you mean listen?"},
		{"[http]\nxyzzy=1\n", "line 2: http.xyzzy: there is no such key; there are listen, on, port"},
		{"[htp]\nlisten='x'\n", "line 1: htp: there is no such key; did you mean http?"},
		{"[http]\nlisten=3\n", "line 2: http.listen: must be a text in quotes"},
		{"[http]\n\non='yes'\n", "line 3: http.on: must be true or false, without quotes"},
		{"[http]\nport='1'\n", "line 2: http.port: must be a whole number, without quotes"},
		{"[http]\nport=99999999999999999999\n", "line 2: http.port: decimal number is too large to fit in a 64-bit signed integer"},
		{"http=3\n", "line 1: http: must be a table of keys"},
		{"grants=3\n", "line 1: grants: must be a list of tables"},
		{"grants=[\n {to='x'},\n {too='y'}]\n", "line 3: grants[2].too: there is no such key; did you mean to?"},
		{"[[grants]]\nto='a'\n[[grants]]\nany_of='x'\n", `line 4: grants[2].any_of: must be a list of texts, as ["one", "two"]`},
		{"[[grants]]\nany_of=['x',3]\n", "line 2: grants[1].any_of: must be a list of texts, as [\"one\", \"two\"]"},
		{"[[grants]]\nto.deep='x'\n", "line 2: grants[1].to.deep: there is no such key here"},
		{"[http]\nport=\n", "line 2: unexpected character U+000A at start of value"},
		{"[http]\nport=1\nport=2\n", "line 3: http.port: key port is already defined"},
		{"[http]\nlisten=\"x\n", "line 2: "},
	} {
		var f file
		_, err := tomlfile.Read([]byte(c.text), &f)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Read(%q)\n got  %v\n want %v", c.text, err, c.want)
		}
	}
}

func TestEveryUnknownKeyIsNamedAtOnce(t *testing.T) {
	var f file
	_, err := tomlfile.Read([]byte("[http]\nlistn='x'\n[nonsense]\na=1\nb=2\n"), &f)
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two faults, one for each unknown key and none for what is inside one, got:\n%v", err)
	}
}

func TestLinesPointIntoTheFile(t *testing.T) {
	var f file
	text := "[http]\nlisten='x'\n\n[[grants]]\nto='a'\nany_of=[\n'p',\n'q']\nmeta={x='y'}\n[[grants]]\nuntil=2026-12-31\n"
	lines, err := tomlfile.Read([]byte(text), &f)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{
		"http.listen": 2, "grants[0]": 4, "grants[0].any_of[1]": 8, "grants[0].meta.x": 9,
		"grants[1]": 10, "grants[1].until": 11, "grants[1].absent": 10, "grants[1].any_of[3]": 10, "nothing": 0,
	} {
		if got := lines.Line(key); got != want {
			t.Errorf("Line(%s) = %d, want %d", key, got, want)
		}
	}
	if got, ok := tomlfile.Text(f.Grants[1].Until); !ok || got != "2026-12-31" {
		t.Errorf("a date without quotes reads as %q", got)
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add([]byte("[http]\nlisten='x'\n[[grants]]\nto='a'\nany_of=[[1],{a=2}]\n"))
	f.Add([]byte("a.b.c={d=[{e=1}]}\n[a.b]\n[[x]]\n[x.y]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v file
		_, _ = tomlfile.Read(data, &v)
	})
}
