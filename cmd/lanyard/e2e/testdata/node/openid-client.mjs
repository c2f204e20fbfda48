// An application with openid-client: by a redirect, or pushed ahead (/par). It
// shows what it was told as JSON.
import http from 'node:http'
import * as oidc from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT } = process.env
const here = `http://127.0.0.1:${PORT}`
const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, undefined, oidc.ClientSecretBasic(CLIENT_SECRET), {
  execute: [oidc.allowInsecureRequests], // the issuer is a loopback address
})
const begun = new Map() // by state

async function begin(build) {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const nonce = oidc.randomNonce()
  begun.set(state, { verifier, nonce })
  return build(config, {
    redirect_uri: `${here}/callback`,
    scope: 'openid profile email groups offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
}

async function finish(address) {
  const state = address.searchParams.get('state')
  const { verifier, nonce } = begun.get(state)
  begun.delete(state)
  const tokens = await oidc.authorizationCodeGrant(config, address, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
  const introspection = await oidc.tokenIntrospection(config, tokens.access_token)
  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token)
  await oidc.tokenRevocation(config, refreshed.refresh_token)
  const revoked = await oidc.tokenIntrospection(config, refreshed.access_token)
  return { claims, userinfo, introspection, refreshed: refreshed.claims(), revoked }
}

http
  .createServer(async (req, res) => {
    const address = new URL(req.url, here)
    try {
      switch (address.pathname) {
        case '/':
          return res.writeHead(302, { location: (await begin(oidc.buildAuthorizationUrl)).href }).end()
        case '/par':
          return res.writeHead(302, { location: (await begin(oidc.buildAuthorizationUrlWithPAR)).href }).end()
        case '/callback':
          return res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(JSON.stringify(await finish(address)))
      }
      res.writeHead(404).end()
    } catch (err) {
      res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${err.stack}\n${JSON.stringify(err.cause ?? null)}`)
    }
  })
  .listen(PORT, '127.0.0.1')
