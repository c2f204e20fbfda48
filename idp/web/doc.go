// Package web holds the manners that every HTTP front shares: which status a
// fault becomes, problem JSON, how forms are read, cookies, security headers,
// the request id and the one log line a request leaves behind, whose address
// is believed, where a browser may be sent back to.
//
// It knows no route and no page. The order it is meant to be wrapped in, from
// the outside: WithRequest, SecureHeaders, SameSite, then the router, whose
// handlers sit in LimitBody.
package web
