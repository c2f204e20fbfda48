// An application with openid-client that nobody registered: it registers
// itself with the token it was given, and signs people in by what came of it.
import http from 'node:http'
import * as oidc from 'openid-client'

const { ISSUER, REGISTRATION_TOKEN, PORT } = process.env
const here = `http://127.0.0.1:${PORT}`
const config = await oidc.dynamicClientRegistration(
  new URL(ISSUER),
  {
    redirect_uris: [`${here}/callback`],
    client_name: 'Self-made',
    scope: 'openid profile groups',
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_post', // what this library does unless told otherwise
  },
  undefined,
  { initialAccessToken: REGISTRATION_TOKEN, execute: [oidc.allowInsecureRequests] }, // the issuer is a loopback address
)
const client = config.clientMetadata()
const begun = new Map() // by state

// managed reads, changes and reads again what is registered (RFC 7592).
async function managed() {
  const headers = { authorization: `Bearer ${client.registration_access_token}`, 'content-type': 'application/json' }
  const read = await (await fetch(client.registration_client_uri, { headers })).json()
  const { registration_access_token, registration_client_uri, client_id_issued_at, ...mine } = read
  const body = JSON.stringify({ ...mine, client_name: 'Self-made, renamed' })
  const changed = await fetch(client.registration_client_uri, { method: 'PUT', headers, body })
  return { status: changed.status, ...(await changed.json()) }
}

http
  .createServer(async (req, res) => {
    const address = new URL(req.url, here)
    try {
      if (address.pathname === '/') {
        const verifier = oidc.randomPKCECodeVerifier()
        const state = oidc.randomState()
        begun.set(state, verifier)
        const code_challenge = await oidc.calculatePKCECodeChallenge(verifier)
        const to = oidc.buildAuthorizationUrl(config, {
          redirect_uri: `${here}/callback`, scope: 'openid profile groups', code_challenge, code_challenge_method: 'S256', state,
        })
        return res.writeHead(302, { location: to.href }).end()
      }
      if (address.pathname === '/callback') {
        const state = address.searchParams.get('state')
        const tokens = await oidc.authorizationCodeGrant(config, address, { pkceCodeVerifier: begun.get(state), expectedState: state })
        const answer = { claims: tokens.claims(), managed: await managed() }
        return res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(JSON.stringify(answer))
      }
      res.writeHead(404).end()
    } catch (err) {
      res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end(`${err.stack}\n${JSON.stringify(err.cause ?? null)}`)
    }
  })
  .listen(PORT, '127.0.0.1')
