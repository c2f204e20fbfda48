package config

import (
	"strings"
	"testing"
)

func TestMailIsCheckedByTheField(t *testing.T) {
	good := []string{"LANYARD_MAIL_SERVER=smtp.example.org:587", "LANYARD_MAIL_FROM=Makers <id@example.org>"}
	for _, c := range []struct {
		set  []string
		want string // empty: nothing is wrong
	}{
		{nil, ""},
		{[]string{"LANYARD_MAIL_SERVER=", "LANYARD_MAIL_FROM=nonsense"}, ""},
		{[]string{"LANYARD_MAIL_SERVER=[::1]:25", "LANYARD_MAIL_TLS=none"}, ""},
		{[]string{"LANYARD_MAIL_USERNAME=lanyard", "LANYARD_MAIL_PASSWORD=x", "LANYARD_MAIL_TLS=implicit", "LANYARD_MAIL_REPLY_TO=desk@example.org"}, ""},
		{[]string{"LANYARD_MAIL_SERVER=smtp.example.org"}, "mail.server"},
		{[]string{"LANYARD_MAIL_SERVER=:587"}, "mail.server"},
		{[]string{"LANYARD_MAIL_SERVER=smtp.example.org:0"}, "mail.server"},
		{[]string{"LANYARD_MAIL_SERVER=smtp.example.org:smtp"}, "mail.server"},
		{[]string{"LANYARD_MAIL_TLS=maybe"}, "mail.tls"},
		{[]string{"LANYARD_MAIL_TLS=none"}, "on this machine alone"},
		{[]string{"LANYARD_MAIL_CA=/nowhere/ca.pem"}, "mail.ca"},
		{[]string{"LANYARD_MAIL_USERNAME=lanyard"}, "belong together"},
		{[]string{"LANYARD_MAIL_PASSWORD=x"}, "belong together"},
		{[]string{"LANYARD_MAIL_FROM="}, "mail.from"},
		{[]string{"LANYARD_MAIL_FROM=id"}, "mail.from"},
		{[]string{"LANYARD_MAIL_FROM=id@example.org\r\nBcc: all@example.org"}, "mail.from"},
		{[]string{"LANYARD_MAIL_FROM=id@example.org, desk@example.org"}, "mail.from"},
		{[]string{"LANYARD_MAIL_REPLY_TO=desk"}, "mail.reply_to"},
	} {
		_, err := Load("", append(append([]string{}, good...), c.set...))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 0) {
			t.Errorf("%v: %v, want one sentence about %q", c.set, err, c.want)
		}
	}
}
