package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"lanyard/cmd/lanyard/tomlfile"
)

// DefaultFile is read when nobody names another, if it is there.
const DefaultFile = "lanyard.toml"

// FileEnv names the configuration file in the environment.
const FileEnv = "LANYARD_CONFIG"

// Problems is everything that is wrong with a configuration: one plain
// sentence each.
type Problems []string

func (p Problems) Error() string { return strings.Join(p, "\n") }

// Default returns the configuration of somebody who configured nothing.
func Default() Config {
	var c Config
	for _, k := range allKeys() {
		if err := k.set(&c, k.Default); err != nil {
			panic("config: the default of " + k.Name + " " + err.Error())
		}
	}
	return c
}

// Load reads file and the environment (as os.Environ gives it) and checks the
// outcome. An empty file means what FileEnv names or else DefaultFile, which
// may be absent. The error is a Problems.
func Load(file string, environ []string) (Config, error) {
	c := Default()
	must := true
	if file == "" {
		file, must = lookup(environ, FileEnv)
	}
	if !must {
		file = DefaultFile
	}
	if err := fromFile(&c, file, must); err != nil {
		return Config{}, err
	}
	problems := fromEnvironment(&c, environ)
	if problems == nil {
		problems = c.Check()
	}
	if problems != nil {
		return Config{}, problems
	}
	return c, nil
}

func fromFile(c *Config, file string, must bool) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if must {
			return Problems{fmt.Sprintf("The configuration file %s does not exist: make it, or name another with --config.", file)}
		}
		return nil
	}
	if err != nil {
		return Problems{fmt.Sprintf("The configuration file %s cannot be read: %v.", file, cause(err))}
	}
	_, err = tomlfile.Read(data, c)
	var faults tomlfile.Errors
	if errors.As(err, &faults) {
		var p Problems
		for _, f := range faults {
			p = append(p, fmt.Sprintf("%s, %s.", file, f))
		}
		return p
	}
	return nil
}

// fromEnvironment sets what the environment names. Variables that begin with
// LANYARD_TEST_ are for the project's own tests and left alone.
func fromEnvironment(c *Config, environ []string) Problems {
	var p Problems
	known := []string{FileEnv}
	for _, k := range allKeys() {
		known = append(known, k.Env)
		text, ok := lookup(environ, k.Env)
		from := k.Env
		if k.Secret {
			known = append(known, k.Env+"_FILE")
			if file, named := lookup(environ, k.Env+"_FILE"); named {
				if ok {
					p = append(p, fmt.Sprintf("%s and %s_FILE are both set: keep one.", k.Env, k.Env))
				}
				from, ok = k.Env+"_FILE", true
				data, err := os.ReadFile(file)
				if err != nil {
					p = append(p, fmt.Sprintf("%s names %s, which cannot be read: %v.", from, file, cause(err)))
				}
				text = strings.TrimRight(string(data), "\r\n")
			}
		}
		if !ok {
			continue
		}
		if err := k.set(c, text); err != nil {
			p = append(p, fmt.Sprintf("%s %v.", from, err))
		}
	}
	return append(p, strangers(environ, known)...)
}

func strangers(environ, known []string) Problems {
	var p Problems
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "LANYARD_") || strings.HasPrefix(name, "LANYARD_TEST_") || slices.Contains(known, name) {
			continue
		}
		hint := "`lanyard config print-docs` lists what there is"
		if near := tomlfile.Nearest(name, known); near != "" {
			hint = "did you mean " + near + "?"
		}
		p = append(p, fmt.Sprintf("The environment sets %s, which is no key of Lanyard: %s", name, hint))
	}
	return p
}

func lookup(environ []string, name string) (string, bool) {
	for _, pair := range slices.Backward(environ) {
		if k, v, _ := strings.Cut(pair, "="); k == name {
			return v, true
		}
	}
	return "", false
}

// cause leaves the operation and the path out of a file error.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
