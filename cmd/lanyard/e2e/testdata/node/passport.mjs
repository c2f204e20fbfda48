// An application with passport-openidconnect, set up as Wiki.js sets it up: no
// PKCE, the secret in the form, no scope for groups. It shows what it was told
// as JSON.
import http from 'node:http'
import passport from 'passport'
import { Strategy } from 'passport-openidconnect'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, CALLBACK } = process.env
const here = `http://127.0.0.1:${PORT}`
passport.use('wiki', new Strategy({
  issuer: ISSUER,
  authorizationURL: `${ISSUER}/authorize`,
  tokenURL: `${ISSUER}/token`,
  userInfoURL: `${ISSUER}/userinfo`,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  callbackURL: `${here}${CALLBACK}`,
  passReqToCallback: true,
}, (req, iss, uiProfile, idProfile, context, idToken, accessToken, refreshToken, params, done) => done(null, uiProfile._json)))

const session = {} // of the one browser there is
http
  .createServer((req, res) => {
    const address = new URL(req.url, here)
    if (address.pathname !== '/login' && address.pathname !== CALLBACK) return res.writeHead(404).end()
    req.query = Object.fromEntries(address.searchParams)
    req.session = session
    const say = (status, what) => res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(JSON.stringify(what))
    passport.authenticate('wiki', { session: false, scope: ['profile', 'email'] }, (err, user, info) => {
      if (err) return say(500, { error: String(err), code: err.code })
      if (!user) return say(403, { error: info })
      say(200, user)
    })(req, res, () => say(500, { error: 'nobody answered' }))
  })
  .listen(PORT, '127.0.0.1')
