package main

import "testing"

func TestAClientExchangesTokensByHandAndByFile(t *testing.T) {
	d := demoDesk(t)
	d.ok(fields2("client add backend --grant client_credentials")...)
	d.ok(fields2("client add api --grant token_exchange --scope groups --exchange-to backend --exchange-to https://files.example.org/")...)
	d.says("client show api", "urn:ietf:params:oauth:grant-type:token-exchange", "backend", "https://files.example.org/")
	d.fails("client add api --exchange-to nobody", "--exchange-to", "define it first")
	d.fails("client add radio --grant client_credentials --exchange-to backend", "--exchange-to", "token_exchange")
	file := d.file("api.toml", `
[[clients]]
id = 'store'
grant_types = ['client_credentials']

[[clients]]
id = 'api'
grant_types = ['token_exchange']
scopes = ['groups']
exchange_targets = ['store']
`)
	d.ok("apply", file)
	d.says("client show api", "store")
	d.says("apply "+file, "Nothing to change")
}
