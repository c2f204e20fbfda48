package templates

import (
	"context"
	"io"
)

// DeviceCode asks for the code that a device shows. It posts user_code to /device.
type DeviceCode struct {
	Frame
	Typed   string // as typed before
	Problem string
}

// Render writes the page.
func (p DeviceCode) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Connect a device", narrow, p.body())
}

// DeviceConfirm asks whether a device may have what it asks for. It posts
// user_code, as and decision (allow or deny) to /device.
type DeviceConfirm struct {
	Frame
	Code   string   // to be held against the device's
	Client string   // the application's name
	As     string   // the member's username
	Scopes []string // what it will get, in words
	Groups []string // the groups it will see now
	Door   string   // the location whose door it could open; empty: none
}

// Render writes the page.
func (p DeviceConfirm) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Connect this device?", narrow, p.body())
}

// DeviceDone says what came of it.
type DeviceDone struct {
	Frame
	Client  string
	Allowed bool
}

// Render writes the page.
func (p DeviceDone) Render(ctx context.Context, w io.Writer) error {
	title := "The device was not connected"
	if p.Allowed {
		title = "The device is connected"
	}
	return p.render(ctx, w, title, narrow, p.body())
}
