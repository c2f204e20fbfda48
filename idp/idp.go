// Package idp assembles the HTTP face of Lanyard: the table of routes, the
// middleware around it and the health endpoints. The endpoints themselves are
// in the packages beside it; what they are given comes from cmd/lanyard.
package idp

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"lanyard/claims"
	"lanyard/idp/admin"
	"lanyard/idp/apps"
	"lanyard/idp/doors"
	"lanyard/idp/login"
	"lanyard/idp/oauth"
	"lanyard/idp/portal"
	"lanyard/idp/register"
)

// Parts is what the face is made of.
type Parts struct {
	Log     *slog.Logger
	Now     func() time.Time
	HTTPS   bool           // the issuer is https
	Trusted []netip.Prefix // proxies
	Off     []Front        // fronts that are switched off: their routes do not exist

	Directory func() *claims.Directory
	Ready     func() error // nil, or why decisions cannot be made now

	OAuth    *oauth.Provider
	Login    *login.Login
	Portal   *portal.Portal
	Admin    *admin.Admin
	Doors    *doors.Doors
	Apps     *apps.Apps
	Register *register.Register
	Static   http.Handler
}

// Handler returns the whole face. It fails if a front that is on is missing.
func Handler(p Parts) (http.Handler, error) {
	if p.Log == nil || p.Now == nil || p.Directory == nil || p.Ready == nil {
		return nil, fmt.Errorf("idp: Parts needs Log, Now, Directory and Ready")
	}
	mux := http.NewServeMux()
	asked := map[string]bool{} // paths that answer a preflight
	for _, r := range Routes {
		if p.off(r.Front) {
			continue
		}
		mux.Handle(r.Pattern, p.guard(r, r.handler(p)))
		if r.CORS == AnyOrigin && !asked[path(r.Pattern)] {
			asked[path(r.Pattern)] = true
			mux.Handle("OPTIONS "+path(r.Pattern), preflight(path(r.Pattern)))
		}
	}
	return p.around(mux), nil
}

func (p Parts) off(f Front) bool {
	for _, off := range p.Off {
		if off == f {
			return true
		}
	}
	return false
}
