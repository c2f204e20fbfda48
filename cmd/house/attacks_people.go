package main

// crossSite sends every form of the table from other sites.
const crossSite = "idp.TestWritesFromOtherSitesAreRefused"

var browserAttacks = []attack{
	{"CSRF on signing in", "forms from pages of ours alone (`Sec-Fetch-Site`, `Origin`), and cookies that other sites' forms do not bring", []string{crossSite, "idp/login.TestOtherSitesCannotSignPeopleIn", "idp/login.TestOtherSitesCannotUsePasskeys"}},
	{"CSRF on consent", "the same; and the page says for whom it was made", []string{crossSite, "idp/login.TestConsentNeedsTheRightMemberAPageOfOursAndAnAnswer"}},
	{"CSRF on signing out", "another site's form only asks", []string{crossSite, "idp/login.TestOtherSitesCannotSignPeopleOut"}},
	{"CSRF on a device's approval", "as on consent; and opening an address with a code still asks", []string{crossSite, "idp/oauth.TestDevicesAreAllowedFromOurOwnPageOnly", "idp/oauth.TestOpeningAnAddressWithACodeStillAsks"}},
	{"CSRF on organisers' pages", "as on signing in", []string{crossSite, "idp/admin.TestOtherSitesChangeNoApplication"}},
	{"CSRF on members' pages", "as on signing in", []string{crossSite, "idp/portal.TestOtherSitesCannotActForMe", "idp/portal.TestOtherSitesCannotGiveBadges"}},
	{"Clickjacking", "no page in a frame, on every answer", []string{"idp.TestEveryAnswerCarriesSecurityHeaders", "idp/web.TestPolicyHasNoRoomForScriptsOrFrames"}},
	{"Session fixation", "a new cookie at each sign-in; the old one ends", []string{"idp.TestASessionFromBeforeIsNotSignedIn", "idp/login.TestSessionPlantedBeforeSignInIsWorthNothing"}},
	{"Cookies read, planted, sent along", "`__Host-`, `HttpOnly`, `Secure`, `SameSite=Lax`; one cookie of a sign-in, and between its steps one for minutes", []string{"idp.TestTheOneCookieIsTheSessionsAndIsGuarded", "idp/login.TestWhatABrowserHoldsBetweenStepsIsGuarded", "idp/web.TestCookiesCannotBeReadSentAlongOrPlanted"}},
	{"Caches that keep tokens, codes, passes, secrets", "`no-store` on every answer that carries one", []string{"idp.TestWhatIsSecretIsStoredByNoCache", "idp.TestCachingIsAsTheTableSays", "idp/oauth.TestAnswersWithTokensAreInNoCache"}},
	{"CORS that trusts anybody with cookies", "other origins read what no cookie opens, or nothing", []string{"idp.TestNoRouteTrustsOtherOriginsWithCookies", "idp.TestEveryRowOfTheTableIsFilled"}},
}

var enumerationAttacks = []attack{
	{"At sign-in, by text", "one sentence for an unknown name, a wrong password and none", []string{"idp/login.TestNobodyLearnsWhoHasAnAccount"}},
	{"At sign-in, by time", "one query and one hash, whoever it is", []string{"idp/login.TestEveryWrongPairTakesItsTurnAtHashing", "idp/login.TestUnknownUsersCostAHash"}},
	{"At sign-in, by passkeys", "the browser is asked for any passkey, without a name; what is not known reads as what was removed", []string{"idp/login.TestAPasskeySignsInWithoutAUsername", "idp/login.TestPasskeysThatProveNothingSignNobodyIn"}},
	{"At sign-in, by being slowed down", "unknown names wait as known ones do", []string{"idp/login.TestGuessingSlowsDownAndNeverLocksOut"}},
	{"At the links by which organisers have passwords set", "a link of 256 bits; of what is wrong with it nothing is said of anybody", []string{"idp/login.TestBadLinksLeadNowhere"}},
	{"At a reset by members themselves", "the page says the same and the letter is written after the answer, whoever was named", []string{"idp/login.TestAForgottenPasswordBringsALetterAndTellsNobody", "idp/login.TestAskingForLettersIsSlowed"}},
	{"At registration by members themselves", unbuilt + ": organisers add members", nil},
	{"On the WiFi (RADIUS), by text", "the same rejection, whatever is wrong", []string{"radius.TestR19RefusalsSayTheSameAndGiveTheReasonInside"}},
	{"On the WiFi (RADIUS), by time", "a pass is checked for an unknown login, too", []string{"radius.TestUnknownLoginIsWorkedOnAsLongAsAWrongPass"}},
	{"On the WiFi, by EAP identities", unbuilt + ": EAP is rejected", nil},
}

var guessingAttacks = []attack{
	{"Passwords, of one account, of many, from many places", "counted by account, by address and by both; never a lock",
		[]string{"idp/login.TestGuessingSlowsDownAndNeverLocksOut", "idp/login.TestGuessesAllAtOnceAreCounted", "idp/login.TestOneAddressCannotTryEveryAccount", "idp/login.TestManyGuessersFromManyPlacesSlowTheAccountButNotItsMember"}},
	{"Passwords, to keep the machine busy with hashes", "a queue with an end; 503 beyond it", []string{"idp/login.TestFloodOfPasswordsIsSentAwayAtOnce", "idp/login.TestLongPasswordsAreNotHashed"}},
	{"Codes that devices show", "counted by member and by address", []string{"idp/oauth.TestGuessingUserCodesIsSlowedByMemberAndByAddress"}},
	{"Devices that ask too often", "`slow_down`, each time longer", []string{"idp/oauth.TestADeviceThatAsksTooOftenWaitsLonger"}},
	{"Secrets of clients, wherever they are asked for", "counted by client and address", []string{"idp.TestGuessingSecretsIsSlowedWhereverTheyAreAsked", "idp/oauth.TestGuessingSecretsIsSlowed"}},
	{"Assertions of clients", "the same", []string{"idp/oauth.TestGuessingAssertionsIsSlowed"}},
	{"Registrations, with a token that somebody gave away", "as many as it is good for, and at a pace", []string{"idp/register.TestATokenThatTriesTooOftenWaits", "idp/register.TestATokenRegistersNoMoreThanItMay"}},
	{"Codes of an app, and recovery codes", "as wrong passwords, by member and address; each works once, also at once", []string{"idp/login.TestGuessingCodesIsSlowed", "idp/login.TestRFC6238Section52ACodeWorksOnce", "idp/login.TestOneOfManyWinsTheSecondStep", "idp/login.TestARecoveryCodeStandsInForThePhoneOnce"}},
	{"Somebody at the desk who says they lost everything", "who lets them in holds recover, gives a reason, and never lets in oneself or one who holds more; the link is good once, for a quarter of an hour", []string{"claims.TestWhoLetsMembersBackIn", "idp/admin.TestTheDeskMakesNoneForOthers", "idp/login.TestAWayBackInIsShortAndForOneThing"}},
	{"The phone that is gone, afterwards", "its sign-ins, codes, tokens and WiFi passes are over", []string{"idp/login.TestAWayBackInEndsWhatWasLost"}},
	{"Reporting another's things lost", "a list of one's own is all that can be ticked", []string{"idp/portal.TestNobodyLosesWhatIsAnothers"}},
	{"A browser left open, to change how its owner signs in", "who proved it a quarter of an hour ago, or with one factor of two, is asked again", []string{"idp/login.TestABrowserLeftOpenChangesNothing", "idp/login.TestOneFactorDoesNotChangeTheOther"}},
	{"The password alone, where there is a second factor", "it leads to the second step and opens nothing else", []string{"idp/login.TestTheFirstStepAloneOpensNothing"}},
	{"A passkey's answer made for another site, for another host, or by nobody's hand", "origin, host, challenge, presence and signature are checked, and nothing is written before", []string{"idp/login.TestPasskeysThatProveNothingSignNobodyIn", "idp/login.TestNewPasskeysThatProveNothingAreNotKept"}},
	{"A passkey's answer sent again", "a challenge is good for five minutes, for one purpose and one answer, also at once", []string{"idp/login.TestOneAnswerOfAPasskeySignsInOnce"}},
	{"A passkey that was copied", "one that says it was used less often than it was is refused, and audited", []string{"idp/login.TestACopiedPasskeyIsRefusedAndAudited"}},
	{"A passkey that was found, without its PIN", "it counts for one factor, however often it is shown", []string{"idp/login.TestAPasskeyAloneCountsOnce"}},
	{"Somebody else's passkey", "it names its member, and is asked of them", []string{"idp/login.TestAPasskeyOfAnotherIsNoSecondStep", "idp/login.TestAPasskeyIsOneMembersAlone"}},
	{"Wrong passkeys, one after the other", "counted by passkey and by address", []string{"idp/login.TestWrongPasskeysAreSlowedByAddress"}},
	{"Cards at a door", "counted by device", []string{"idp/doors.TestGuessingCardsIsLimitedPerDevice"}},
	{"WiFi passes", "from the sixth failure in a minute, a second late", []string{"radius.TestRepeatedFailuresAreAnsweredASecondLate", "radius.TestSixthFailureInAMinuteWaits"}},
}

// noMarkup looks at every page of an organisation that is named by markup.
const noMarkup = "idp.TestNoTextOfAnybodyBecomesMarkup"

var textAttacks = []attack{
	{"Header injection", "no end of line gets into a header", []string{"idp.TestNoTextBecomesAHeader"}},
	{"Header injection into letters, by names and addresses", "a letter goes to one address, which is one; texts are one line before they come into a head", []string{"idp/feeds.TestNoTextBecomesAHeaderOrMarkupOfALetter", "idp/feeds.TestALetterGoesToOneAddressAndToNoOther", "cmd/lanyard/config.TestMailIsCheckedByTheField"}},
	{"A stranger's words in a letter, by what a browser calls itself", "browsers go by names of ours", []string{"idp/login.TestWhatAStrangersBrowserCallsItselfIsInNoNotice"}},
	{"Host poisoning, `X-Forwarded-*`", "addresses come of the issuer; a proxy is believed if it is listed", []string{"idp.TestHostHeadersChangeNothing", "idp/oauth.TestDiscoveryIsOfTheIssuerAlone", "idp/web.TestClientAddressThroughTrustedProxiesOnly"}},
	{"XSS by `client_name`", "texts are escaped where they are put, and no page runs a script that is not a file of ours", []string{noMarkup, "idp/oauth.TestClientNamesAreTextOnTheDevicePages", "idp/register.TestRFC7591Section322WhatIsWrongIsRefusedWithItsCode"}},
	{"XSS by `state`", "the same", []string{noMarkup, "idp/oauth.TestResponseModes"}},
	{"XSS by `error_description`", "the same", []string{noMarkup}},
	{"XSS by a display name", "the same", []string{noMarkup, "idp/login.TestConsentPageSaysWhatTheApplicationGets"}},
	{"XSS by a badge's text", "the same", []string{noMarkup, "idp/portal.TestBadgeTextsStayText"}},
	{"Secrets in logs", "routes are logged, not addresses; secrets print as `[redacted]`",
		[]string{"idp.TestNothingSecretIsLogged", "idp/web.TestOneLogLineWithTheRouteAndNoSecrets", "idp/doors.TestCardNumbersAndPassesAreKeptNowhere", "radius.TestLogHoldsNoPassAndNoSecret", "cmd/lanyard/config.TestNoSecretIsEverPrinted"}},
	{"Secrets in letters that wait, in lists and logs of them", "sealed until sent, then forgotten; lists and logs have neither what a letter says nor the server's password", []string{"idp/feeds.TestALetterWaitsSealedAndIsForgottenOnceItWasTaken", "idp/feeds.TestARefusedAddressIsGivenUpAndADeferredOneTriedAgain", "idp/feeds.TestThePasswordOfTheMailServerIsPrintedNowhere", "cmd/lanyard/e2e.TestR25MembersAreToldWhatHappensToTheirAccounts"}},
	{"Letters to an address that is the member's no more", "dropped, but for the warning that it was changed", []string{"idp/feeds.TestALetterGoesToTheAddressTheMemberStillHas"}},
	{"Secrets in addresses", "not read from a query", []string{"idp/oauth.TestSecretsInTheQueryAreNotRead"}},
}

var bodyAttacks = []attack{
	{"Mail as an amplifier: signing in over and over to fill a mailbox", "of one kind, three letters to a member in an hour, counted in the database; a flood of one kind hides no other", []string{"cmd/lanyard.TestOfOneKindAMemberIsSentThreeLettersInAnHour"}},
	{"Huge bodies, and bodies without an end", "a limit in each row of the table of routes", []string{"idp.TestBodiesBeyondTheirLimitAreNotRead", "idp.TestABodyWithoutAnEndIsNotRead", "idp/web.TestBodiesAreCutOff"}},
	{"Slow heads, bodies and connections", "5 seconds for a head, 15 for a request, 2 minutes between", []string{"cmd/lanyard.TestNobodyHoldsAConnectionBySlowness"}},
	{"Malformed forms", "refused, and nothing written", []string{"idp.TestBodiesThatAreNoFormsAreRefusedEverywhere", "idp/web.TestReadFormRefusesWhatCouldBeReadTwoWays", "idp/oauth.FuzzAuthorize"}},
	{"Malformed JSON", "refused by the field at fault", []string{"idp/web.TestHostileJSONIsRefusedByTheFieldAtFault", "idp/web.FuzzDecodeJSON", "idp/doors.FuzzReadRequest"}},
	{"Malformed packets", "refused whole; a truncated or unsigned one meets silence", []string{"radius.TestMalformedPacketsAreRefusedWhole", "radius.TestForgedAndUnsignedRequestsMeetSilence", "radius.FuzzParse"}},
	{"A parameter that is there twice", "refused at every endpoint", []string{"idp.TestAParameterThatIsThereTwiceIsRefusedEverywhere", "idp/oauth.TestFosite14RepeatedParametersAreRefused"}},
}
