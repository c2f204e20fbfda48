package main

var codeAttacks = []attack{
	{"Mix-up: an answer of one provider passed off as another's", "`iss` in every answer, errors too (RFC 9207)",
		[]string{"idp/oauth.TestFosite12AnswersNameTheIssuer", "idp/oauth.TestBadRequestsAreToldToTheClient"}},
	{"Injection of somebody else's code", "a code is bound to its challenge, client and redirect address; a wrong one of these spends it",
		[]string{"idp/oauth.TestVerifierWithoutChallengeIsRefused", "idp/oauth.TestFosite21WrongVerifierSpendsTheCode", "idp/oauth.TestCodeWithAWrongRedirectIsSpent"}},
	{"Redirect that begins with a registered one", "addresses are compared letter by letter; another gets a page, and no redirect",
		[]string{"idp/oauth.TestRedirectTricksGetNoRedirect", "idp/oauth.TestFosite11UnregisteredRedirectGetsAPage"}},
	{"Redirect with a user before its host", "the same", []string{"idp/oauth.TestRedirectTricksGetNoRedirect"}},
	{"Redirect with an encoded slash, or dots that climb", "the same", []string{"idp/oauth.TestRedirectTricksGetNoRedirect"}},
	{"Redirect with a dot after its host", "the same", []string{"idp/oauth.TestRedirectTricksGetNoRedirect"}},
	{"Redirect in other capitals", "the same", []string{"idp/oauth.TestRedirectTricksGetNoRedirect"}},
	{"Redirect with a fragment, or that cannot be read in one way", "the same; none is registered", []string{"idp/oauth.TestRedirectTricksGetNoRedirect", "claims.TestRedirectURIsAreExactAndSafe", "claims.FuzzRedirectsThatAreTakenAreExact"}},
	{"Redirect to another program on this machine", "of 127.0.0.1 and [::1] the port alone is free", []string{"idp/oauth.TestFosite10OnlyTheLoopbackPortIsFree", "idp/oauth.FuzzLoopbackRedirect"}},
	{"Open redirect by `post_logout_redirect_uri`", "registered letter by letter, with the client that the hint or `client_id` names",
		[]string{"idp/login.TestPostLogoutAddressMustBeRegisteredToTheLetter", "idp/login.TestDisabledClientHasNoPostLogoutAddress", "cmd/lanyard.TestRPInitiatedLogoutPlan"}},
	{"Open redirect by the sign-in page's `return`", "a path here, or the member's own page", []string{"idp/login.TestSignInReturnsOnlyHere", "idp/web.TestSafeReturnStaysHere", "idp/oauth.TestDenyingGoesBackToTheClient"}},
	{"PKCE downgrade: a verifier where there was no challenge", "refused", []string{"idp/oauth.TestVerifierWithoutChallengeIsRefused"}},
	{"PKCE downgrade: `plain`", "refused; the challenge is no verifier", []string{"idp/oauth.TestBadRequestsAreToldToTheClient", "idp/oauth.TestACodeWithAChallengeNeedsItsVerifier"}},
	{"PKCE downgrade: left out, of the request or of the redemption", "a public client must; a code with a challenge always needs its verifier",
		[]string{"claims.TestClientsAreHeldToTheirForm", "idp/oauth.TestBadRequestsAreToldToTheClient", "idp/oauth.TestACodeWithAChallengeNeedsItsVerifier"}},
	{"Replay of a code", "ends all that came of it; of many at once one wins", []string{"idp/oauth.TestCodeReplayEndsTheFamily", "idp/oauth.TestFosite02ParallelRedemptionsHaveOneWinner"}},
	{"Replay of a pushed request", "one code, for its own client", []string{"idp/oauth.TestAPushedRequestLoadsAgainUntilItsCodeAndThenNeverMore", "idp/oauth.TestOfSixteenWindowsOneGetsThePushedRequestsCode"}},
	{"Request objects that say something else", "refused by name; beside a pushed request nothing counts", []string{"idp/oauth.TestFosite07And08RequestObjectsAreRefusedByName", "idp/oauth.TestBesideAPushedRequestNothingCounts"}},
}

var tokenAttacks = []attack{
	{"Replay of a refresh token", "ends the family; within 30 seconds the same answer again", []string{"idp/oauth.TestRefreshReuseEndsFamily", "idp/oauth.TestLostRefreshAnswerIsGivenAgainForThirtySeconds"}},
	{"Race of refresh tokens", "one successor; a token that grows old meanwhile ends the family", []string{"idp/oauth.TestFosite01ParallelRefreshesGetOneSuccessor", "idp/oauth.TestARefreshTokenThatGrowsOldWhileItIsReadEndsTheFamily"}},
	{"Client swapping: codes, refresh tokens, devices' codes, pushed requests, revocation, exchange", "each is its client's alone, and the attempt of another harms nobody",
		[]string{"idp/oauth.TestCodeOfAnotherClientIsSpent", "idp/oauth.TestFosite03AnotherClientsReplayHarmsNobody", "idp/oauth.TestADeviceCodeWorksOnceForItsClient",
			"idp/oauth.TestAPushedRequestIsOfItsClientAlone", "idp/oauth.TestRevocationEndsTheFamily", "idp/oauth.TestRFC8693_2_1OnlyTokensThatNameTheClientAreExchanged"}},
	{"Client swapping: one client's registration, read or changed by another", "its own token", []string{"idp/register.TestRFC7592Section2NobodyOpensAnother"}},
	{"Scope widening at refresh, exchange, consent", "narrower only; more is asked about anew",
		[]string{"idp/oauth.TestScopeNeverGrows", "idp/oauth.TestRFC8693_2_1WhatIsAskedIsNamedOrRefused", "idp/oauth.TestConsentIsAskedOnceAndAgainForMore", "idp/oauth.TestFewerResourcesForOneToken"}},
	{"One kind of token for another", "each says what it is, and is checked for it", []string{"idp/oauth.TestNoKindOfTokenPassesForAnother", "idp/oauth.TestALogoutTokenPassesForNothingElse", "idp/oauth.TestAudienceMayIntrospect"}},
	{"Stolen tokens that are bound to a key", "nothing without a proof, which works once", []string{"idp/oauth.TestRFC9449_7_1ABoundTokenIsNothingWithoutItsKey", "idp/oauth.TestOfManyUsesOfOneProofOneWorks"}},
}

var signatureAttacks = []attack{
	{"`alg` none", "algorithms are listed; none is not one", forgeries},
	{"Confusion of algorithms: HMAC under a public key, another key's name", "a key has one algorithm, and its name finds no other", forgeries},
	{"A foreign key, also one that the token brings or points to", "keys come from the key set alone", forgeries},
	{"Injection by `kid`: a path, SQL", "a name that is not in the key set is no key", []string{"idp/keys.TestForeignAndUnsignedTokensAreRefused", "idp/oauth.TestForgedAssertionsAreRefused"}},
	{"Replay of an assertion", "its `jti` works once, of many at once too", []string{"idp/oauth.TestAssertionWorksOnce", "idp/oauth.TestOfManyUsesOfAnAssertionOneWins"}},
	{"An assertion for another audience", "one of our own addresses, alone", []string{"idp/oauth.TestAssertionsThatSayTooLittleOrTooMuchAreRefused"}},
	{"A forged hint at sign-out", "an error page; nobody is signed out", []string{"cmd/lanyard.TestRPInitiatedLogoutPlan"}},
}

// forgeries are shown wherever something signed is read: tokens of ours,
// assertions of clients, proofs of keys.
var forgeries = []string{"idp/keys.TestForeignAndUnsignedTokensAreRefused", "idp/oauth.TestForgedAccessTokensAreRefused", "idp/oauth.TestForgedAssertionsAreRefused", "idp/oauth.TestRFC9449_4_3ProofsAreJudged"}

// reached is the whole program asked to look inside the house.
const reached = "cmd/lanyard.TestNothingInsideTheHouseIsReachedUnlessAllowed"

var fetchAttacks = []attack{
	{"`jwks_uri`", "one guarded client: the address is checked when it is dialled, against a list of what may be reached inside", []string{reached, "idp/oauth.TestKeyAddressDoesNotReachTheHouse"}},
	{"`sector_identifier_uri`", "the same", []string{reached, "idp/oauth.TestSectorAddressDoesNotReachTheHouse"}},
	{"`logo_uri`, `policy_uri`, `tos_uri`", "never fetched; logos are not kept or shown", []string{reached, "idp/register.TestRFC7591Section3WhatIsNotUnderstoodIsLeftOut"}},
	{"`backchannel_logout_uri`", "the guarded client", []string{reached, "idp/outbound.TestPostsAreBoundedAndGuardedAndTellNothingOfTheForm", "claims.TestSignOutsAreToldWhereItIsSafe"}},
	{"Spellings of an address inside; names that turn to one later", "what a name came to is what is dialled", []string{"idp/outbound.TestHouseIsNotReachedUnlessAllowed", "idp/outbound.TestNameThatTurnsToTheHouseIsNotFollowed", "idp/outbound.TestOnlyPublicAddressesArePublic"}},
	{"Looking for what is inside by what is answered", "who asks is told the same of an open door, a shut one and a name that nobody has; the log and the operator know more", []string{"idp/oauth.TestSectorAddressDoesNotReachTheHouse"}},
	{"Redirects, huge and slow answers", "not followed; 64 KiB; five seconds", []string{"idp/outbound.TestRedirectsAreNotFollowed", "idp/outbound.TestHugeAnswersAreCutOff", "idp/outbound.TestSlowAnswersEndAfterFiveSeconds"}},
}
