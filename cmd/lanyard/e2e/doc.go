// Package e2e holds tests that set other people's software up as docs/recipes
// says and sign members in to it with a real browser: Apache with
// mod_auth_openidc, oauth2-proxy, and the Node libraries openid-client and
// passport-openidconnect; and have Exim take the letters to members. What is not installed is left out, and said; with
// CI=true that is a failure. It holds no code of the program.
package e2e
