package main

import "testing"

func TestAClientIsToldOfSignOutsByHandAndByFile(t *testing.T) {
	d := demoDesk(t)
	d.ok(fields2("client add git --redirect https://git.example.org/cb --backchannel-logout https://git.example.org/bye --backchannel-logout-sid --see 'badge:*'")...)
	d.says("client show git", "https://git.example.org/bye")
	d.fails("client add git --backchannel-logout http://git.example.org/bye", "--backchannel-logout", "plain http")
	d.fails("client add git --backchannel-logout com.example.app:/bye", "--backchannel-logout", "no address to post to")
	d.fails("client add git --backchannel-logout=", "backchannel_logout_session_required", "goes with")
	file := d.file("git.toml", "[[clients]]\nid = 'git'\nredirect_uris = ['https://git.example.org/cb']\nbackchannel_logout_uri = 'https://git.example.org/gone?x=1'\n")
	d.ok("apply", file)
	d.says("client show git", "https://git.example.org/gone?x=1")
	d.says("apply "+file, "Nothing to change")
}
