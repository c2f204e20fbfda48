package main

import (
	"github.com/spf13/cobra"

	"lanyard/cmd/lanyard/config"
)

func configCommand(a *app) *cobra.Command {
	return parent("config", "The configuration: what holds, and what there is", configCheck(a), configDocs())
}

func configCheck(a *app) *cobra.Command {
	return &cobra.Command{Use: "check", Short: "Say what is wrong with the configuration, and print what holds", Args: none, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := a.config()
		if err != nil {
			return err
		}
		h := &house{app: a, cmd: cmd}
		if a.json {
			all := map[string]string{}
			for _, s := range config.Sections() {
				for _, k := range s.Keys {
					all[k.Name] = k.Value(cfg)
				}
			}
			return h.printJSON(all)
		}
		var rows []string
		for _, s := range config.Sections() {
			for _, k := range s.Keys {
				rows = append(rows, k.Name+"\t"+k.Value(cfg))
			}
		}
		return h.columns(rows)
	}}
}

func configDocs() *cobra.Command {
	return &cobra.Command{Use: "print-docs", Short: "Print docs/configuration.md", Args: none, RunE: func(cmd *cobra.Command, _ []string) error {
		return config.PrintDocs(cmd.OutOrStdout())
	}}
}
