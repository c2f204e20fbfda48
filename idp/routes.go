package idp

import (
	"fmt"
	"net/http"
	"strings"

	"lanyard/idp/apps"
	"lanyard/idp/login"
	"lanyard/idp/oauth"
	"lanyard/idp/register"
	"lanyard/idp/web"
)

// Caller is who a route is for. Middleware turns others away where it can
// tell; where it says so below, the handler does.
type Caller string

// The callers there are.
const (
	Public  Caller = "public"  // anybody; the handler knows what it may show
	Browser Caller = "browser" // anybody with a browser: pages and forms, guarded against other sites
	Member  Caller = "member"  // signed in; a browser that is not is sent to /login
	Admin   Caller = "admin"   // signed in, and allowed manage at /admin
	Client  Caller = "client"  // an application; the handler checks its credentials or token
	Device  Caller = "device"  // a device; the handler checks its credentials or token
)

// Cache says what may keep an answer.
type Cache string

// The caching policies there are.
const (
	NoStore   Cache = "no-store"
	Short     Cache = "public, max-age=300"
	Immutable Cache = "set by the handler" // content-addressed files
)

// CORS says which other origins' scripts may read an answer.
type CORS string

// No route trusts another origin with cookies.
const (
	SameOrigin CORS = "none"
	AnyOrigin  CORS = "any, without credentials"
)

// Route is one row of the table: every column is filled.
type Route struct {
	Pattern string // as http.ServeMux reads it
	Front   Front
	Caller  Caller
	Body    int64 // the most bytes of a request body; 0: none is read
	Cache   Cache
	CORS    CORS
	handler func(Parts) http.HandlerFunc
}

// Front is a part of the web face that configuration can switch off.
type Front string

// The fronts.
const (
	FrontWeb   Front = "web"   // sign-in, OpenID, members' pages
	FrontDoors Front = "doors" // the device endpoint
	FrontOps   Front = "ops"   // health; always on
)

const (
	form = 64 << 10 // a form or token request
	tiny = 4 << 10  // a device's message
)

// Routes is the table of routes. There is no other way in over HTTP.
var Routes = []Route{
	{"GET /healthz", FrontOps, Public, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.healthz }},
	{"GET /readyz", FrontOps, Public, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.readyz }},
	{"GET /static/{file}", FrontWeb, Public, 0, Immutable, SameOrigin, func(p Parts) http.HandlerFunc { return p.static }},

	{"GET /.well-known/openid-configuration", FrontWeb, Public, 0, Short, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Discovery }},
	{"GET /.well-known/oauth-authorization-server", FrontWeb, Public, 0, Short, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Discovery }},
	{"GET " + oauth.PathJWKS, FrontWeb, Public, 0, Short, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.JWKS }},
	{"GET " + oauth.PathAuthorize, FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Authorize }},
	{"POST " + oauth.PathAuthorize, FrontWeb, Public, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Authorize }},
	{"POST " + oauth.PathToken, FrontWeb, Client, form, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Token }},
	{"GET " + oauth.PathUserInfo, FrontWeb, Client, 0, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.UserInfo }},
	{"POST " + oauth.PathUserInfo, FrontWeb, Client, form, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.UserInfo }},
	{"POST " + oauth.PathIntrospect, FrontWeb, Client, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Introspect }},
	{"POST " + oauth.PathRevoke, FrontWeb, Client, form, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Revoke }},
	{"POST " + oauth.PathPush, FrontWeb, Client, form, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Push }},
	{"POST " + oauth.PathDevice, FrontWeb, Client, form, NoStore, AnyOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.Device }},
	{"GET " + oauth.PathDevicePage, FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.DevicePage }},
	{"POST " + oauth.PathDevicePage, FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.OAuth.DevicePage }},

	{"POST " + register.Path, FrontWeb, Client, register.MaxBody, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Register.Create }},
	{"GET " + register.Path + "/{client}", FrontWeb, Client, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Register.Read }},
	{"PUT " + register.Path + "/{client}", FrontWeb, Client, register.MaxBody, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Register.Update }},
	{"DELETE " + register.Path + "/{client}", FrontWeb, Client, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Register.Delete }},

	{"GET /login", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetLogin }},
	{"POST /login", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostLogin }},
	{"POST /login/passkey/begin", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostPasskeyBegin }},
	{"POST /login/passkey", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostPasskey }},
	{"GET /login/forgotten", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetForgotten }},
	{"POST /login/forgotten", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostForgotten }},
	{"GET /login/second", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetSecond }},
	{"POST /login/second", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostSecond }},
	{"POST /login/second/passkey/begin", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostSecondBegin }},
	{"GET " + web.StepPath, FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetStep }},
	{"POST " + web.StepPath, FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostStep }},
	{"POST " + web.StepPath + "/passkey/begin", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostStepBegin }},
	{"GET " + login.SecurityPath, FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetSecurity }},
	{"POST " + login.SecurityPath + "/password", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostPasswordChange }},
	{"POST " + login.SecurityPath + "/app", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostApp }},
	{"POST " + login.SecurityPath + "/app/confirm", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostAppConfirm }},
	{"POST " + login.SecurityPath + "/passkey/begin", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostNewPasskeyBegin }},
	{"POST " + login.SecurityPath + "/passkey", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostNewPasskey }},
	{"POST " + login.SecurityPath + "/factor/remove", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostFactorRemove }},
	{"POST " + login.SecurityPath + "/recovery", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostRecovery }},
	{"GET /consent", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetConsent }},
	{"POST /consent", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostConsent }},
	{"GET " + oauth.PathLogout, FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetLogout }},
	{"POST " + oauth.PathLogout, FrontWeb, Public, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostLogout }},
	{"GET /setup/{link}", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetSetup }},
	{"POST /setup/{link}", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostSetup }},
	{"GET /password/{link}", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetPassword }},
	{"POST /password/{link}", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostPassword }},
	{"GET /recover/{link}", FrontWeb, Browser, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.GetRecover }},
	{"POST /recover/{link}", FrontWeb, Browser, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Login.PostRecover }},

	{"GET /{$}", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.GetHome }},
	{"POST /door-pass", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostDoorPass }},
	{"POST /wifi", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostWiFi }},
	{"POST /wifi/revoke", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostWiFiRevoke }},
	{"GET /lost", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.GetLost }},
	{"POST /lost", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostLost }},
	{"POST /sessions/end", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostEndSession }},
	{"POST /apps/revoke", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostRevokeApp }},
	{"GET /badges", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.GetBadges }},
	{"GET /badges/{badge}", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.GetBadge }},
	{"POST /badges/{badge}/award", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostAward }},
	{"POST /badges/{badge}/revoke", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostRevoke }},
	{"POST /badges/{badge}/signoff", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostSignoff }},
	{"POST /badges/{badge}/earn", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostEarn }},
	{"POST /badges/{badge}/answer", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostAnswer }},
	{"POST /badges/{badge}/result", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostResult }},
	{"GET /requests", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.GetRequests }},
	{"POST /requests", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostRequest }},
	{"POST /requests/withdraw", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostWithdraw }},
	{"POST /requests/answer", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Portal.PostRequestAnswer }},
	{"GET /admin/members", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetMembers }},
	{"GET /admin/members/{member}", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetMember }},
	{"POST /admin/members/{member}/recover", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostRecover }},
	{"POST /admin/members/{member}/notes", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostNote }},
	{"POST /admin/members/{member}/notes/remove", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostRemoveNote }},
	{"GET /admin/apps", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetApps }},
	{"GET /admin/new-app", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetNewApp }},
	{"POST /admin/new-app", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostNewApp }},
	{"GET /admin/apps/{client}", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetApp }},
	{"GET /admin/apps/{client}/settings", FrontWeb, Member, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetAppForm }},
	{"POST /admin/apps/{client}/settings", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostApp }},
	{"POST /admin/apps/{client}/secret", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostAppSecret }},
	{"POST /admin/apps/{client}/try", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostTry }},
	{"POST /admin/apps/{client}/take-over", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostTakeOver }},
	{"POST /admin/apps/{client}/enable", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostEnableApp }},
	{"POST /admin/apps/{client}/remove", FrontWeb, Member, form, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.PostRemoveApp }},
	{"GET /admin", FrontWeb, Admin, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Admin.GetAdmin }},

	{"PUT /apps/v1/{application}/tree", FrontWeb, Client, apps.MaxTree, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PutTree }},
	{"GET /apps/v1/{application}/tree", FrontWeb, Client, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.GetTree }},
	{"PUT /apps/v1/{application}/location", FrontWeb, Client, apps.MaxAsk, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PutLocation }},
	{"DELETE /apps/v1/{application}/location", FrontWeb, Client, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.DeleteLocation }},
	{"POST /apps/v1/{application}/move", FrontWeb, Client, apps.MaxAsk, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PostMove }},
	{"POST /apps/v1/{application}/decide", FrontWeb, Client, apps.MaxAsk, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PostDecide }},
	{"POST /apps/v1/{application}/rights", FrontWeb, Client, apps.MaxAsk, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PostRights }},
	{"POST /apps/v1/{application}/who-can", FrontWeb, Client, apps.MaxAsk, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.PostWhoCan }},
	{"GET /apps/v1/{application}/changes", FrontWeb, Client, 0, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Apps.GetChanges }},

	{"POST /device/v1/decide", FrontDoors, Device, tiny, NoStore, SameOrigin, func(p Parts) http.HandlerFunc { return p.Doors.Decide }},
}

// RoutesPage prints the table for docs/routes.md.
func RoutesPage() string {
	var b strings.Builder
	b.WriteString("# Routes\n\nPrinted from `idp/routes.go`, the only table of routes. *public*: anybody. *browser*: anybody with a browser; forms only from our own pages. *member*: signed in. *admin*: signed in and allowed `manage` at `/admin`. *client*, *device*: by its own credentials or token.\n\n| route | front | caller | body | cache | other origins |\n|---|---|---|--:|---|---|\n")
	for _, r := range Routes {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %d | %s | %s |\n", r.Pattern, r.Front, r.Caller, r.Body, r.Cache, r.CORS)
	}
	return b.String()
}

// FaultsPage prints the fault table for docs/faults.md.
func FaultsPage() string {
	var b strings.Builder
	b.WriteString("# Faults\n\nPrinted from `idp/web/faults.go`. Problems are JSON by RFC 9457. A refusal by a decision is an answer, not a fault.\n\n| kind | HTTP | problem type | OAuth | in words |\n|---|--:|---|---|---|\n")
	for _, f := range web.Faults {
		kind := "anything else"
		if f.Kind != nil {
			kind = f.Kind.Error()
		}
		fmt.Fprintf(&b, "| %s | %d | `%s` | `%s` | %s |\n", kind, f.Status, f.Type, f.OAuth, f.Title)
	}
	return b.String()
}
