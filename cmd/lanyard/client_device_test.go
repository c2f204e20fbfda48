package main

import "testing"

func TestAClientForDevicesByHandAndByFile(t *testing.T) {
	d := demoDesk(t)
	d.ok(fields2("client add tv --auth none --grant device_code --grant refresh_token --scope openid,offline_access --see 'badge:*'")...)
	d.says("client show tv", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token")
	d.fails("client add radio --auth none --grant refresh_token", "--grant", "comes with")
	file := d.file("tv.toml", "[[clients]]\nid = 'tv'\nname = 'The TV'\nauth = 'none'\ngrant_types = ['device_code', 'refresh_token']\nscopes = ['openid', 'offline_access']\n[clients.filter]\nbadges = ['*']\n")
	d.ok("apply", file)
	d.says("client show tv", "The TV", "urn:ietf:params:oauth:grant-type:device_code")
	d.says("apply "+file, "Nothing to change")
}
